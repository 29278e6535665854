import type { ReactNode } from 'react'
import styles from './key-value.module.css'

export interface Pair {
  readonly key: string
  readonly value: ReactNode
  /** Why it is so, in smaller words below. */
  readonly remark?: ReactNode
}

/** Names and what they are set to. */
export function KeyValue({ pairs }: { readonly pairs: readonly Pair[] }) {
  return (
    <dl className={styles['list']}>
      {pairs.map(({ key, value, remark }) => (
        <div key={key} className={styles['pair']}>
          <dt>{key}</dt>
          <dd>{value}{remark !== undefined && <div className={styles['remark']}>{remark}</div>}</dd>
        </div>
      ))}
    </dl>
  )
}
