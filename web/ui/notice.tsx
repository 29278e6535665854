import type { ReactNode } from 'react'
import type { Tone } from '../lib/status-words.ts'
import { AlertIcon, CheckIcon, DocIcon, ShieldIcon } from './icons.tsx'
import styles from './notice.module.css'

interface NoticeProps {
  readonly tone: Tone
  readonly title?: ReactNode
  readonly children?: ReactNode
  /** `alert`: screen readers announce it at once. */
  readonly role?: 'alert' | 'status'
  /** Use the guardrail icon. */
  readonly isGuardrail?: boolean
}

const icons = { good: CheckIcon, busy: DocIcon, quiet: DocIcon, warn: AlertIcon, bad: AlertIcon } as const

/** A message to the user, readable in light and dark mode. */
export function Notice({ tone, title, children, role, isGuardrail = false }: NoticeProps) {
  const Icon = isGuardrail ? ShieldIcon : icons[tone]
  return (
    <div className={`${styles['notice']} ${styles[tone]}`} role={role}>
      <Icon size={18} className={styles['icon']} />
      <div className={styles['words']}>
        {title !== undefined && <div className={styles['title']}>{title}</div>}
        {children !== undefined && <div className={styles['text']}>{children}</div>}
      </div>
    </div>
  )
}
