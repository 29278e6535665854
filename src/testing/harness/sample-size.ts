import type { Parameters } from 'fast-check'

/** Whether all that a suite can try is tried: `npm run test:deep`. */
export const isDeep = process.env['DEEP'] !== undefined

/** In CI the histories are always the same: what breaks there was broken by the change, and what is rare is looked for elsewhere. */
const seedInCi = 20_261_122

/** How many histories a kit plays. `HISTORIES` plays more, to look for what is rare; `SEED` plays the sample that a failure named. */
export function sampleOf(size: { readonly deep: number; readonly usual: number }): Pick<Parameters, 'seed'> & { readonly numRuns: number } {
  const { CI, HISTORIES, SEED } = process.env
  const seed = SEED ?? (CI && HISTORIES === undefined ? seedInCi : undefined)
  return { numRuns: HISTORIES === undefined ? isDeep ? size.deep : size.usual : Number(HISTORIES), ...seed !== undefined && { seed: Number(seed) } }
}
