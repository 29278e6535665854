import { Skeleton, Text, useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense, useId, type RefObject } from 'react'
import type { z } from 'zod'
import type { previewQuery, readSchema } from '../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../src/api/endpoint.ts'
import styles from './sql-editor.module.css'

export type SqlProblem = NonNullable<ReplyOf<typeof previewQuery>['problem']>
export type Tables = z.output<typeof readSchema.reply>['tables']

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
  readonly handle?: RefObject<SqlEditorHandle | null>
  readonly disabled?: boolean
  readonly minHeight?: string
}

const Code = lazy(async () => ({ default: (await import('./sql-editor-code.tsx')).SqlEditorCode }))

/** A text field for SQL. Tab leaves it; what is wrong is underlined, and said below. */
export function SqlEditor(props: SqlEditorProps) {
  const scheme = useComputedColorScheme('light')
  const describedBy = useId()
  const { problem = null, minHeight = '200px' } = props
  return (
    <div>
      <div className={styles['frame']} data-invalid={problem !== null || undefined} data-disabled={props.disabled === true || undefined}>
        <Suspense fallback={<Skeleton height={minHeight} aria-label="Loading the editor" />}>
          <Code {...props} scheme={scheme} describedBy={describedBy} />
        </Suspense>
      </div>
      <div id={describedBy} role={problem === null ? undefined : 'alert'}>
        {problem !== null && (
          <Text size="sm" c="var(--tone-bad-text)" mt={6} style={{ overflowWrap: 'anywhere' }}>
            {problem.line !== null && <strong>Line {problem.line}{problem.column === null ? '' : `, column ${problem.column}`}: </strong>}
            {problem.message}{problem.advice !== null && <> {problem.advice}</>}
          </Text>
        )}
      </div>
    </div>
  )
}
