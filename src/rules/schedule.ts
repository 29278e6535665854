import { Cron } from 'croner'
import { parseDuration } from './duration.ts'
import { nearestNames } from '../model/nearest-names.ts'

/** When an Activation runs automatically: every so many milliseconds, or by a five-part cron pattern in a time zone. */
export type Schedule = { readonly every: number } | { readonly cron: string; readonly timezone: string }

/** Parses `every 15m`; undefined: not in this form. */
export function parseEvery(text: string): Schedule | undefined {
  const length = /^every\s+(.+)$/.exec(text.trim())?.[1]
  const every = length === undefined ? undefined : parseDuration(length)
  return every === undefined ? undefined : { every }
}

/** What is wrong with a cron pattern, in words; undefined: nothing. */
export function cronTrouble(pattern: string): string | undefined {
  let cron: Cron
  try {
    cron = new Cron(pattern, { paused: true, mode: '5-part', timezone: 'UTC' })
  } catch (error) {
    const words =
      error instanceof Error ? error.message.replace(/^CronPattern: /, '').replace(/\.$/, '') : 'it is not valid'
    return `not a cron pattern: ${words}; write minute, hour, day of month, month and day of week, for example "0 6 * * *"`
  }
  // Any fixed start works: a pattern that finds no date from here (30 February) never finds one.
  return cron.nextRun(new Date('2024-01-01T00:00:00Z')) === null
    ? 'this date does not exist, so the activation would never run'
    : undefined
}

/** What is wrong with a time zone's name, in words; undefined: nothing. */
export function timezoneTrouble(timezone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return undefined
  } catch {
    const near = nearestNames(timezone, Intl.supportedValuesOf('timeZone'))[0]
    return `unknown time zone; ${near === undefined ? 'write one like "Europe/Berlin"' : `did you mean "${near}"?`}`
  }
}

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
