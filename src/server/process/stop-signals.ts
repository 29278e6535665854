export interface StopSignals {
  /** Aborted by the first SIGINT (Ctrl-C), SIGTERM or SIGHUP: finish what is in flight. */
  readonly stop: AbortSignal
  /** Aborted by the second signal: stop at once. */
  readonly abort: AbortSignal
  /** From now on signals abort `stop` and `abort`. Before this call, they end the process. */
  take(onStop: () => void): void
}

/** Ctrl-C arrives from the terminal and again through npm: two signals this close together count as one. */
const sameSignalMs = 250
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function listenForStops(host: NodeJS.Process, now: () => number): StopSignals {
  const stop = new AbortController()
  const abort = new AbortController()
  let onStop: (() => void) | undefined
  let last = Number.NEGATIVE_INFINITY

  const stopped = (signal: (typeof signals)[number]): void => {
    const at = now()
    if (at - last < sameSignalMs) return
    last = at
    if (onStop === undefined || abort.signal.aborted)
      host.exit(signal === 'SIGTERM' ? 143 : signal === 'SIGHUP' ? 129 : 130)
    else if (stop.signal.aborted) abort.abort()
    else {
      stop.abort()
      onStop()
    }
  }
  for (const signal of signals) host.on(signal, stopped)
  return {
    stop: stop.signal,
    abort: abort.signal,
    take(work) {
      onStop = work
    },
  }
}

/** Waits for Ctrl-C or SIGTERM. */
export async function untilStopped(stops: StopSignals): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  // A pending promise alone does not keep the process alive.
  const alive = setInterval(() => undefined, 60_000)
  stops.take(resolve)
  if (stops.stop.aborted) resolve()
  await promise
  clearInterval(alive)
}
