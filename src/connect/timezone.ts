import { z } from 'zod'

/** Zones that the time zone database lists; PostgreSQL and DuckDB know others besides, such as `posixrules`, that depend on their host. */
export const timezoneKey = z.string()
  .refine(isTimezone, { error: 'not a time zone; write one as in Europe/Berlin, or UTC' })
  .optional()
  .meta({
    title: 'Time zone',
    description: 'In which queries are evaluated, as in Europe/Berlin: what now()::date, and a timestamp without a zone, mean. Default: UTC.',
  })

export const defaultTimezone = 'UTC'

function isTimezone(name: string): boolean {
  try {
    // Offsets such as +02:00 are taken by Intl, and mean the opposite to PostgreSQL.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
