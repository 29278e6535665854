/** The control database's clock. Machines may disagree on the time, so all of them use this clock. */
export interface DatabaseClock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** The database's time, and when it was requested and answered, by `performance.now()`. */
  set(databaseMs: number, askedAt: number, answeredAt: number): void
}

/** A slower answer does not replace a known time. */
const exactMs = 1000

/** Advances with the machine's monotonic clock, which ignores corrections of the wall clock. */
export function databaseClock(): DatabaseClock {
  let known: { readonly databaseMs: number; readonly at: number } | undefined
  return {
    now: () => (known === undefined ? Date.now() : known.databaseMs + performance.now() - known.at),
    set(databaseMs, askedAt, answeredAt) {
      if (known === undefined || answeredAt - askedAt < exactMs) known = { databaseMs, at: (askedAt + answeredAt) / 2 }
    },
  }
}
