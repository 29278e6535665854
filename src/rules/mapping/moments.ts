const pattern =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:(?:Z|UTC)|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?)?$/i
/** The last second with a year of four digits. */
const lastSecond = 253_402_300_799

/**
 * Parses a time as warehouses and ISO 8601 write it into `2026-11-22T09:30:00Z`. Without a zone it is UTC; fractions of
 * a second are dropped. Undefined: not a time.
 */
export function readMoment(text: string): string | undefined {
  const [, day, minute = '00:00', second = '00', sign, hours = '0', minutes = '0', seconds = '0'] =
    pattern.exec(text) ?? []
  if (day === undefined) return undefined
  const local = Date.parse(`${day}T${minute}:${second}Z`)
  if (Number.isNaN(local) || dayOf(day) !== day) return undefined
  if (sign === undefined && minute !== '24:00') return `${day}T${minute}:${second}Z`
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1 : 1)
  return momentAt(local / 1000 - offset)
}

/** The UTC day of a text that `readMoment` accepts. */
export function readDay(text: string): string | undefined {
  return readMoment(text)?.slice(0, 10)
}

/** The time this many seconds after 1970; undefined: before year 1 or after 9999. */
export function momentAt(seconds: number): string | undefined {
  if (!Number.isSafeInteger(seconds) || seconds > lastSecond || seconds < -62_135_596_800) return undefined
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** Every month has 28 days. For later days, Date shows whether the day exists (there is no 30 February). */
function dayOf(day: string): string {
  if (day.slice(8) <= '28' && day.slice(8) !== '00') return day
  const ms = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10)
}
