/** The control database's clock, as it is known here: machines that work together may disagree on the time, and go by this one. */
export interface DatabaseClock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** What the database said its time was, and when it was asked and had answered, by `performance.now()`. */
  set(databaseMs: number, askedAt: number, answeredAt: number): void
}

/** An answer that took longer says too little. */
const exactMs = 1000

/** Goes on by the machine's monotonic clock, which no correction of its wall clock moves. */
export function databaseClock(): DatabaseClock {
  let known: { readonly databaseMs: number; readonly at: number } | undefined
  return {
    now: () => known === undefined ? Date.now() : known.databaseMs + performance.now() - known.at,
    set(databaseMs, askedAt, answeredAt) {
      if (known === undefined || answeredAt - askedAt < exactMs) known = { databaseMs, at: (askedAt + answeredAt) / 2 }
    },
  }
}
