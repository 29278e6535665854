import { Skeleton, Text, useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense, useId } from 'react'
import type { SqlEditorProps } from './sql-editor-props.ts'
import styles from './sql-editor.module.css'

const Code = lazy(async () => ({ default: (await import('./sql-editor-code.tsx')).SqlEditorCode }))

/** A text field for SQL. Tab leaves it. A problem is underlined, and explained below. */
export function SqlEditor(props: SqlEditorProps) {
  const scheme = useComputedColorScheme('light')
  const describedBy = useId()
  const { problem = null, minHeight = '200px' } = props
  return (
    <div>
      <div
        className={styles['frame']}
        data-invalid={problem !== null || undefined}
        data-disabled={props.disabled === true || undefined}
      >
        <Suspense fallback={<Skeleton height={minHeight} aria-label="Loading the editor" />}>
          <Code {...props} scheme={scheme} describedBy={describedBy} />
        </Suspense>
      </div>
      <div id={describedBy} role={problem === null ? undefined : 'alert'}>
        {problem !== null && (
          <Text size="sm" c="var(--tone-bad-text)" mt={6} style={{ overflowWrap: 'anywhere' }}>
            {problem.line !== null && (
              <strong>
                Line {problem.line}
                {problem.column === null ? '' : `, column ${problem.column}`}:{' '}
              </strong>
            )}
            {problem.message}
            {problem.advice !== null && <> {problem.advice}</>}
          </Text>
        )}
      </div>
    </div>
  )
}
