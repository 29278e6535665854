import type { Parameters } from 'fast-check'

/** In CI the histories are always the same: what breaks there was broken by the change, and what is rare is looked for elsewhere. */
const seedInCi = 20_261_122

/** How many histories a kit plays. `HISTORIES` plays more, to look for what is rare; `SEED` plays the sample that a failure named. */
export function sampleOf(size: { readonly inCi: number; readonly local: number }): Pick<Parameters, 'seed'> & { readonly numRuns: number } {
  const { CI, HISTORIES, SEED } = process.env
  const seed = SEED ?? (CI && HISTORIES === undefined ? seedInCi : undefined)
  return { numRuns: HISTORIES === undefined ? CI ? size.inCi : size.local : Number(HISTORIES), ...seed !== undefined && { seed: Number(seed) } }
}
