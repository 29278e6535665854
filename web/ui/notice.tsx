import type { ReactNode } from 'react'
import type { Tone } from '../lib/status-words.ts'
import { AlertIcon, CheckIcon, DocIcon, ShieldIcon } from './icons.tsx'
import styles from './notice.module.css'

interface NoticeProps {
  readonly tone: Tone
  readonly title?: ReactNode
  readonly children?: ReactNode
  /** `alert`: said at once to who cannot see it, since it needs an answer. */
  readonly role?: 'alert' | 'status'
  /** A guardrail's own sign. */
  readonly isGuardrail?: boolean
}

const icons = { good: CheckIcon, busy: DocIcon, quiet: DocIcon, warn: AlertIcon, bad: AlertIcon } as const

/** Something a person should know, in colours that read in light and dark. */
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
