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
