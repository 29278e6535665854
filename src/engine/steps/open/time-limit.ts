import { Fault } from '../../../model/fault.ts'

/** Aborted when a Run's time is over, for calls without a deadline of their own. */
export interface TimeLimit {
  readonly signal: AbortSignal
  clear(): void
}

export function startTimeLimit(ms: number): TimeLimit {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(timeIsOver(ms)), ms)
  // The timer must not keep a finished process alive.
  timer.unref()
  return { signal: over.signal, clear: () => clearTimeout(timer) }
}

function timeIsOver(ms: number): Fault {
  const seconds = ms / 1000
  return new Fault(
    'transient',
    `The Run reached its time limit of ${seconds} ${seconds === 1 ? 'second' : 'seconds'} before its query was read.`,
    {
      code: 'time-limit',
      advice: 'Make the query faster, check whether its tables are locked, or raise timeLimit.',
    },
  )
}
