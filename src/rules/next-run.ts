import { Cron } from 'croner'
import type { Schedule } from './schedule.ts'

/**
 * When an Activation is due, in epoch milliseconds. `every` counts from the start of the last Run; it is due now if
 * there was none or the time has passed. cron counts from the last start, too (or from `savedAt`, if later), so one Run
 * catches up on all missed times.
 */
export function nextRunAt(
  schedule: Schedule,
  {
    lastStartedAt,
    savedAt,
    now,
  }: { readonly lastStartedAt: number | undefined; readonly savedAt: number; readonly now: number },
): number {
  // A start time in the future comes from a wrong clock, and must not delay the next Run.
  const last = lastStartedAt === undefined ? undefined : Math.min(lastStartedAt, now)
  if ('every' in schedule) return last === undefined ? now : Math.max(now, last + schedule.every)
  const from = Math.max(last ?? 0, Math.min(savedAt, now))
  const due = new Cron(schedule.cron, { paused: true, mode: '5-part', timezone: schedule.timezone }).nextRun(
    new Date(from),
  )
  return Math.max(now, due?.getTime() ?? now)
}
