const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** Converts `10min`, `2h`, `90 s`, or a number of seconds to milliseconds. Default: one hour. */
export function timeoutMs(written: string | number | undefined): number {
  if (written === undefined) return 3_600_000
  if (typeof written === 'number') return Math.round(written * 1000)
  const [, amount = '', unit = ''] = /^(\d+) ?(\w+)$/.exec(written) ?? []
  return Number(amount) * (unitMs[unit] ?? 0)
}
