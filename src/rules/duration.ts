const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses `90s`, `15m`, `6h` or `1d` into milliseconds; undefined: not a duration above zero. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? []
  if (amount === undefined || unit === undefined) return undefined
  const ms = Math.round(Number(amount) * (unitMs[unit] ?? 0))
  return ms > 0 ? ms : undefined
}
