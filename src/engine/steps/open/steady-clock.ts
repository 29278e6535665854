import { performance } from 'node:perf_hooks'

/**
 * The time as `now` tells it at this moment, and from then on only what has really passed. A machine's clock may be set in the
 * middle of a Run (time servers, a machine that was suspended): neither its time limit nor its pacing may take that for waiting.
 */
export function steadyClock(now: () => number): () => number {
  const from = now() - performance.now()
  return () => from + performance.now()
}
