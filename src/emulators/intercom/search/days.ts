/**
 * The local day of a point in time, in unix seconds: from `start` (inclusive) to `end` (exclusive). Up to version
 * 2.16 the contact search compares dates by such days of the workspace.
 */
export function dayOf(seconds: number, timezone: string): { readonly start: number; readonly end: number } {
  const local = seconds + offset(seconds, timezone)
  const midnight = Math.floor(local / 86_400) * 86_400
  return { start: utc(midnight, timezone), end: utc(midnight + 86_400, timezone) }
}

/** The UTC time of this local time. The offset is computed twice, because it may change in between. */
function utc(local: number, timezone: string): number {
  const guess = local - offset(local, timezone)
  return local - offset(guess, timezone)
}

/** Seconds by which the time zone is ahead of UTC. */
function offset(seconds: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(
    seconds * 1000,
  )
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
