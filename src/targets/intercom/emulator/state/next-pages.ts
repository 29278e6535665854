/** A scroll over all companies; each app can have only one open at a time. */
export interface Scroll {
  readonly param: string
  /** Number of the last company returned. */
  at: number
  /** Unix milliseconds of the last use; the scroll expires after a minute. */
  usedAt: number
}

const expiresMs = 60_000

/** The app's open scroll, or a new one when `param` is null. `now` in milliseconds. */
export function nextScroll(
  scrolls: Map<string, Scroll>,
  app: string,
  param: string | null,
  now: number,
): Scroll | 'exists' | 'unknown' {
  const open = scrolls.get(app)
  const alive = open !== undefined && now - open.usedAt < expiresMs ? open : undefined
  if (param === null) {
    if (alive !== undefined) return 'exists'
    const begun = { param: `scroll-${app}-${now.toString(36)}`, at: 0, usedAt: now }
    scrolls.set(app, begun)
    return begun
  }
  if (alive === undefined || alive.param !== param) return 'unknown'
  alive.usedAt = now
  return alive
}

/**
 * Matches of the latest searches, so that a next page does not evaluate the search again. Valid until something
 * changes.
 */
export interface KeptSearches {
  get(name: string, revision: number): readonly number[] | undefined
  put(name: string, revision: number, matches: readonly number[]): readonly number[]
}

const most = 4

export function createKeptSearches(): KeptSearches {
  const kept = new Map<string, { readonly revision: number; readonly matches: readonly number[] }>()
  return {
    get(name, revision) {
      const held = kept.get(name)
      return held?.revision === revision ? held.matches : undefined
    },
    put(name, revision, matches) {
      kept.delete(name)
      for (const oldest of kept.keys()) if (kept.size >= most) kept.delete(oldest)
      kept.set(name, { revision, matches })
      return matches
    },
  }
}
