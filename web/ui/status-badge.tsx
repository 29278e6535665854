import type { StatusIcon, StatusLook } from '../lib/status-words.ts'
import { AlertIcon, CheckIcon, ClockIcon, CrossIcon, DashIcon, PauseIcon, PlayIcon, ShieldIcon } from './icons.tsx'
import styles from './status-badge.module.css'

const icons: Readonly<Record<StatusIcon, typeof CheckIcon>> = {
  check: CheckIcon,
  play: PlayIcon,
  pause: PauseIcon,
  clock: ClockIcon,
  alert: AlertIcon,
  cross: CrossIcon,
  dash: DashIcon,
  shield: ShieldIcon,
}

/** A status as text with icon and color: `<StatusBadge look={runLooks[run.status]} />`. */
export function StatusBadge({ look }: { readonly look: StatusLook }) {
  const Icon = icons[look.icon]
  return (
    <span className={`${styles['badge']} ${styles[look.tone]}`} title={look.meaning}>
      <Icon size={13} strokeWidth={2.6} />
      {look.word}
    </span>
  )
}
