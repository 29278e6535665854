import type { Parameters } from 'fast-check'

/** Whether suites use their large samples: `npm run test:deep`. */
export const isDeep = process.env['DEEP'] !== undefined

/**
 * In CI the histories are always the same, so that a failure there comes from the change. Rare failures are searched
 * for elsewhere.
 */
const seedInCi = 20_261_122

/**
 * How many histories a kit plays. `HISTORIES` sets a larger number to find rare failures; `SEED` replays a failed
 * sample.
 */
export function sampleOf(size: {
  readonly deep: number
  readonly usual: number
}): Pick<Parameters, 'seed'> & { readonly numRuns: number } {
  const { CI, HISTORIES, SEED } = process.env
  const seed = SEED ?? (CI && HISTORIES === undefined ? seedInCi : undefined)
  return {
    numRuns: HISTORIES === undefined ? (isDeep ? size.deep : size.usual) : Number(HISTORIES),
    ...(seed !== undefined && { seed: Number(seed) }),
  }
}
