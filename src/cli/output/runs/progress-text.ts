import type { Progress } from '../../../engine/ports.ts'
import { count, duration, plural } from '../../../model/figures.ts'

/** Progress in one line: phase, rows or Records, speed, remaining time, use of the Target's rate window. */
export function progressText(
  progress: Progress,
  phase: { readonly elapsedMs: number; readonly answeredAtStart: number },
  now: number,
): string {
  const { status, read, invalid, planned, answered, failed, rate } = progress
  if (status === 'reading') return join('reading', plural(read, 'row'), invalid > 0 && `${count(invalid)} invalid`)
  if (status === 'comparing') return join('comparing', plural(read, 'row'))
  if (status !== 'delivering') return status
  const perSecond = ((answered - phase.answeredAtStart) / Math.max(phase.elapsedMs, 1)) * 1000
  const isSteady = phase.elapsedMs >= 1000 && perSecond > 0
  return join(
    'delivering',
    `${count(answered)}/${count(planned)} (${Math.floor((answered / Math.max(planned, 1)) * 100)} %)`,
    failed > 0 && `${count(failed)} failed`,
    isSteady && `${count(Math.round(perSecond))}/s`,
    isSteady && answered < planned && `${duration(((planned - answered) / perSecond) * 1000)} left`,
    rate !== undefined &&
      now < rate.resetsAt &&
      `window ${Math.round((1 - rate.remaining / Math.max(rate.limit, 1)) * 100)} % used`,
  )
}

function join(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' · ')
}
