/** Whether the host was ever reached. Until then, calls are given up early: a wrong address does not improve. */
export interface FirstContact {
  /** An attempt starts at this time, in epoch milliseconds. */
  tried(at: number): void
  reached(): void
  /** The host was never reached, and there is no more time for it, or none is needed (`lasting`). */
  isHopeless(at: number, lasting: boolean): boolean
  /** The wait before the next attempt: the last one before the first contact starts no later than `mostMs`. */
  shorten(delayMs: number, at: number): number
}

export function firstContact(mostMs: number): FirstContact {
  let firstTriedAt: number | undefined
  let isReached = false
  return {
    tried: (at) => void (firstTriedAt ??= at),
    reached: () => void (isReached = true),
    isHopeless: (at, lasting) => !isReached && (lasting || at - (firstTriedAt ?? at) >= mostMs),
    shorten: (delayMs, at) =>
      isReached ? delayMs : Math.min(delayMs, Math.max(0, (firstTriedAt ?? at) + mostMs - at)),
  }
}
