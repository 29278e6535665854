import { Cron } from 'croner'
import type { Schedule } from './schedule.ts'

/**
 * When an Activation is due, in epoch milliseconds. `every` counts from the start of the last Run, and is due at once where there was
 * none, or where the time has passed; cron from the last Run's start as well, so that what was missed is caught up once.
 */
export function nextRunAt(schedule: Schedule, { lastStartedAt, savedAt, now }: { readonly lastStartedAt: number | undefined; readonly savedAt: number; readonly now: number }): number {
  // A Run of a time that is still to come began by a clock that was wrong: nobody waits until that is reached.
  const last = lastStartedAt === undefined ? undefined : Math.min(lastStartedAt, now)
  if ('every' in schedule) return last === undefined ? now : Math.max(now, last + schedule.every)
  const from = Math.max(last ?? 0, Math.min(savedAt, now))
  const due = new Cron(schedule.cron, { paused: true, mode: '5-part', timezone: schedule.timezone }).nextRun(new Date(from))
  return Math.max(now, due?.getTime() ?? now)
}
