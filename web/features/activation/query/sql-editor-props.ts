import type { RefObject } from 'react'
import type { listConnectorTypes, previewQuery, readSchema } from '../../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../../src/api/endpoint.ts'

export type SqlProblem = NonNullable<ReplyOf<typeof previewQuery>['problem']>
export type Tables = ReplyOf<typeof readSchema>['tables']

export type SqlLanguage = NonNullable<ReplyOf<typeof listConnectorTypes>['items'][number]['sql']>

/** Edits of the text from outside, such as by the schema browser. */
export interface SqlEditorHandle {
  readonly insert: (text: string) => void
}

export interface SqlEditorProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
  /** Default: standard SQL. */
  readonly language?: SqlLanguage | undefined
  /** For auto-complete. */
  readonly schema?: Tables | undefined
  /** The problem of the current text, underlined at its position. */
  readonly problem?: SqlProblem | null
  readonly handleRef?: RefObject<SqlEditorHandle | null>
  readonly disabled?: boolean
  readonly minHeight?: string
}
