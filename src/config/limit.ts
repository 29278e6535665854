/**
 * A guardrail: `off`, a maximum number of records, or a maximum share of what the Activation holds
 * (`share: 0.5` is 50 %).
 */
export type ConfigLimit = 'off' | { readonly count: number } | { readonly share: number }

/** Parses `off`, `200` or `50%`; undefined for anything else. */
export function parseLimit(written: string | number): ConfigLimit | undefined {
  const text = String(written).trim()
  if (text === 'off') return 'off'
  if (/^\d{1,15}$/.test(text)) return { count: Number(text) }
  const share = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text)?.[1]
  return share !== undefined && Number(share) <= 100 ? { share: Number(share) / 100 } : undefined
}
