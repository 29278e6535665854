interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

export interface Gathering {
  /** How long the first item waits for others. */
  readonly lingerMs: number
  /** With this many items, `act` runs at once. */
  readonly enough: number
}

/**
 * Collects single requests into batches: items that arrive within a few milliseconds, or while `act` runs, share one
 * call. Many small writes then cost few transactions, and the database works in the pauses between bursts of answers.
 * Every item gets what `act` returns.
 */
export function coalesce<T, R>(
  { lingerMs, enough }: Gathering,
  act: (items: readonly T[]) => Promise<R>,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = []
  let busy = false
  let goNow: (() => void) | undefined

  const linger = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, lingerMs)
      goNow = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const work = async (): Promise<void> => {
    busy = true
    while (waiting.length > 0) {
      if (waiting.length < enough) await linger()
      goNow = undefined
      const taken = waiting
      waiting = []
      try {
        const result = await act(taken.map(({ item }) => item))
        for (const { resolve } of taken) resolve(result)
      } catch (error) {
        for (const { reject } of taken) reject(error)
      }
    }
    busy = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!busy) void work()
      else if (waiting.length >= enough) goNow?.()
    })
}
