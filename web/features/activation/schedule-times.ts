import { Cron } from 'croner'

/** A schedule as form values. */
export type ScheduleForm =
  | { readonly kind: 'manual' }
  | { readonly kind: 'every'; readonly amount: string; readonly unit: ScheduleUnit }
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }

export type ScheduleUnit = 'm' | 'h' | 'd'
export const unitWords: Readonly<Record<ScheduleUnit, string>> = { m: 'minutes', h: 'hours', d: 'days' }
const unitMs: Readonly<Record<ScheduleUnit, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

interface Written {
  readonly schedule?: unknown
  readonly cron?: unknown
  readonly timezone?: unknown
}

export function scheduleIn({ schedule, cron, timezone }: Written): ScheduleForm {
  if (typeof schedule === 'string') {
    const [, amount, unit] = /^every\s+(\S*?)\s*([smhd])$/.exec(schedule.trim()) ?? []
    if (amount === undefined || unit === undefined)
      return { kind: 'every', amount: schedule.replace(/^every\s+/, ''), unit: 'h' }
    return unit === 's'
      ? { kind: 'every', amount: String(Number(amount) / 60), unit: 'm' }
      : { kind: 'every', amount, unit: unit as ScheduleUnit }
  }
  const written = typeof schedule === 'object' && schedule !== null ? (schedule as Written) : { cron, timezone }
  return typeof written.cron === 'string'
    ? { kind: 'cron', cron: written.cron, timezone: typeof written.timezone === 'string' ? written.timezone : 'UTC' }
    : { kind: 'manual' }
}

/** The schedule as config keys of an Activation. */
export function scheduleKeys(form: ScheduleForm): Readonly<Record<'schedule' | 'cron' | 'timezone', unknown>> {
  const none = { schedule: undefined, cron: undefined, timezone: undefined }
  switch (form.kind) {
    case 'manual':
      return none
    case 'every':
      return { ...none, schedule: `every ${form.amount}${form.unit}` }
    case 'cron':
      return { ...none, schedule: { cron: form.cron, timezone: form.timezone } }
  }
}

export function scheduleWords(form: ScheduleForm): string {
  switch (form.kind) {
    case 'manual':
      return 'Manual'
    case 'every':
      return form.amount === '1'
        ? `Every ${unitWords[form.unit].slice(0, -1)}`
        : `Every ${form.amount} ${unitWords[form.unit]}`
    case 'cron':
      return `${form.cron} (${form.timezone})`
  }
}

/** The next five times, or the error in the pattern. */
export function nextTimes(form: ScheduleForm, now: Date): readonly Date[] | { readonly trouble: string } {
  switch (form.kind) {
    case 'manual':
      return []
    case 'every': {
      const ms = Number(form.amount) * unitMs[form.unit]
      return ms > 0
        ? [1, 2, 3, 4, 5].map((n) => new Date(now.getTime() + n * ms))
        : { trouble: 'Write a number above zero.' }
    }
    case 'cron':
      return cronTimes(form.cron, form.timezone, now)
  }
}

function cronTimes(pattern: string, timezone: string, now: Date): readonly Date[] | { readonly trouble: string } {
  try {
    const times = new Cron(pattern, { paused: true, mode: '5-part', timezone }).nextRuns(5, now)
    return times.length === 0 ? { trouble: 'This date does not exist, so the Activation would never run.' } : times
  } catch (error) {
    const words =
      error instanceof Error ? error.message.replace(/^CronPattern: /, '').replace(/\.$/, '') : 'it cannot be read'
    return {
      trouble: `Not a cron pattern: ${words}. Write minute, hour, day of month, month and day of week, as in 0 6 * * *`,
    }
  }
}
