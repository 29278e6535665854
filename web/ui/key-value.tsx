import type { ReactNode } from 'react'
import styles from './key-value.module.css'

export interface Pair {
  readonly key: string
  readonly value: ReactNode
  /** An explanation in smaller text below. */
  readonly remark?: ReactNode
}

/** A list of names and values. */
export function KeyValue({ pairs }: { readonly pairs: readonly Pair[] }) {
  return (
    <dl className={styles['list']}>
      {pairs.map(({ key, value, remark }) => (
        <div key={key} className={styles['pair']}>
          <dt>{key}</dt>
          <dd>
            {value}
            {remark !== undefined && <div className={styles['remark']}>{remark}</div>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
