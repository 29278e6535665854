import { performance } from 'node:perf_hooks'

/**
 * Starts at `now`, and then advances only by the time that really passed. A machine's clock may be set during a Run
 * (time servers, a suspended machine): neither the time limit nor the pacing may count that as waiting.
 */
export function steadyClock(now: () => number): () => number {
  const from = now() - performance.now()
  return () => from + performance.now()
}
