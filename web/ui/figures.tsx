import type { ReactNode } from 'react'
import { count } from '../lib/format.ts'
import type { Tone } from '../lib/status-words.ts'
import styles from './figures.module.css'

export interface Figure {
  readonly label: string
  readonly value: number | ReactNode
  /** The color; only used if the figure is not zero. */
  readonly tone?: Tone
  /** An explanation of the label, on hover. */
  readonly meaning?: string
}

/** Figures with labels, side by side. */
export function Figures({ items, label }: { readonly items: readonly Figure[]; readonly label: string }) {
  return (
    <dl className={styles['figures']} aria-label={label}>
      {items.map(({ label: word, value, tone, meaning }) => (
        <div key={word} className={styles['figure']} title={meaning} data-tone={value === 0 ? undefined : tone}>
          <dt>{word}</dt>
          <dd>{typeof value === 'number' ? count(value) : value}</dd>
        </div>
      ))}
    </dl>
  )
}
