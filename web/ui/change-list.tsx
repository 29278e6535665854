import { value } from '../lib/format.ts'
import { isSavedSecret } from '../lib/form-schema.ts'
import type { ChangedKey } from '../lib/use-editing.ts'
import styles from './change-list.module.css'

/** Changed keys with old and new values, readable without color. A new entry has no old values. */
export function ChangeList({
  changes,
  isNew = false,
}: {
  readonly changes: readonly ChangedKey[]
  readonly isNew?: boolean
}) {
  return (
    <ul className={styles['changes']}>
      {changes.map(({ key, from, to }) => (
        <li key={key}>
          <code>{key}</code>
          {!isNew && (
            <>
              <del className={styles['from']}>{shown(from)}</del>
              <span aria-hidden>→</span>
            </>
          )}
          <ins className={styles['to']}>{shown(to)}</ins>
        </li>
      ))}
    </ul>
  )
}

function shown(of: unknown): string {
  if (of === undefined || of === null) return 'not set'
  const text = isSavedSecret(of) ? 'a secret' : value(of)
  return text.length > 300 ? `${text.slice(0, 299)}…` : text
}
