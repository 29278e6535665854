import type { listObjects } from '../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import type { Config } from '../../lib/activation-config.ts'
import type { FieldError } from '../../lib/field-errors.ts'

/** Props of all parts of an Activation's form. */
export interface EditorProps {
  readonly config: Config
  readonly onChange: (config: Config) => void
  /** Errors from the server, by pointer into `config`. */
  readonly errors: readonly FieldError[]
  /** Immutable settings, with the reasons. */
  readonly immutable: Readonly<Record<string, string>>
}

export type TargetObject = ReplyOf<typeof listObjects>['items'][number]
export type BehaviorOffer = TargetObject['behaviors'][number]
