import { Cron } from 'croner'
import type { Schedule } from './schedule.ts'

/**
 * When an Activation is due, in epoch milliseconds. `every` counts from the start of the last Run, and is due at once where there was
 * none, or where the time has passed; cron from the last Run's start as well, so that what was missed is caught up once.
 */
export function nextRunAt(schedule: Schedule, { lastStartedAt, savedAt, now }: { readonly lastStartedAt: number | undefined; readonly savedAt: number; readonly now: number }): number {
  if ('every' in schedule) return lastStartedAt === undefined ? now : Math.max(now, lastStartedAt + schedule.every)
  const from = Math.max(lastStartedAt ?? savedAt, savedAt)
  const due = new Cron(schedule.cron, { paused: true, mode: '5-part', timezone: schedule.timezone }).nextRun(new Date(from))
  return Math.max(now, due?.getTime() ?? now)
}
