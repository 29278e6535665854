import type { StopSignals } from './stop-signals.ts'

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
