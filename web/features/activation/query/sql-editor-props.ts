import type { RefObject } from 'react'
import type { previewQuery, readSchema } from '../../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../../src/api/endpoint.ts'

export type SqlProblem = NonNullable<ReplyOf<typeof previewQuery>['problem']>
export type Tables = ReplyOf<typeof readSchema>['tables']

/** What others may do to the text, such as the schema browser. */
export interface SqlEditorHandle {
  readonly insert: (text: string) => void
}

export interface SqlEditorProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
  /** For auto-complete. */
  readonly schema?: Tables | undefined
  /** Of this very text; underlined where it is. */
  readonly problem?: SqlProblem | null
  readonly handleRef?: RefObject<SqlEditorHandle | null>
  readonly disabled?: boolean
  readonly minHeight?: string
}
