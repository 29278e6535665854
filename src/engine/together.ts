interface Waiting<T> {
  readonly item: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Does for many at once what is asked for one by one: what comes while `act` is under way waits, and goes with the next call. So
 * many small writes cost as few transactions as the database can keep up with, and nobody waits longer than one call of others.
 */
export function together<T>(act: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = []
  let busy = false

  const work = async (): Promise<void> => {
    busy = true
    while (waiting.length > 0) {
      const taken = waiting
      waiting = []
      try {
        await act(taken.map(({ item }) => item))
        for (const { resolve } of taken) resolve()
      } catch (error) {
        for (const { reject } of taken) reject(error)
      }
    }
    busy = false
  }

  return (item) => new Promise((resolve, reject) => {
    waiting.push({ item, resolve, reject })
    if (!busy) void work()
  })
}
