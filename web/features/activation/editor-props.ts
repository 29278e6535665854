import type { listObjects } from '../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import type { Config } from '../../lib/activation-config.ts'
import type { FieldError } from '../../lib/field-errors.ts'

/** What all parts of an Activation's form share. */
export interface EditorProps {
  readonly config: Config
  readonly onChange: (config: Config) => void
  /** What the server said, by the place in `config`. */
  readonly errors: readonly FieldError[]
  /** Keys that may no longer change, and why. */
  readonly immutable: Readonly<Record<string, string>>
}

export type TargetObject = ReplyOf<typeof listObjects>['items'][number]
export type BehaviorOffer = TargetObject['behaviors'][number]
