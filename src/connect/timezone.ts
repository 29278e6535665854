import { z } from 'zod'

/**
 * Zones of the time zone database. PostgreSQL and DuckDB accept further names, such as `posixrules`, whose meaning
 * depends on their host.
 */
export const timezoneKey = z
  .string()
  .refine(isTimezone, { error: 'not a time zone; write one like Europe/Berlin, or UTC' })
  .optional()
  .meta({
    title: 'Time zone',
    description:
      'The time zone of the queries, such as Europe/Berlin. It applies to now()::date and to timestamps without a zone. Default: UTC.',
  })

export const defaultTimezone = 'UTC'

function isTimezone(name: string): boolean {
  try {
    // Intl accepts offsets such as +02:00, but in PostgreSQL they have the opposite meaning.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
