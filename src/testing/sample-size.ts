import type { Parameters } from 'fast-check'

/** How many histories a kit plays. `HISTORIES` plays more, to look for what is rare; `SEED` plays the sample that a failure named. */
export function sampleOf(size: { readonly inCi: number; readonly local: number }): Pick<Parameters, 'seed'> & { readonly numRuns: number } {
  const { CI, HISTORIES, SEED } = process.env
  return { numRuns: HISTORIES === undefined ? CI ? size.inCi : size.local : Number(HISTORIES), ...SEED !== undefined && { seed: Number(SEED) } }
}
