import { attemptTimeout } from './network-trouble.ts'
import type { Exchange } from './wire.ts'

export interface Attempt {
  readonly sentAt: number
  readonly timeoutMs: number
  readonly exchange: Exchange | undefined
}

export interface AttemptWatch {
  /** An attempt with this timeout has begun. */
  expect(timeoutMs: number): void
  stop(): void
}

/**
 * Ends attempts that exceed their timeout, and all attempts at `cutAt`. One timer serves all attempts in flight,
 * checked every quarter of the shortest timeout. It never keeps a process alive: the sockets do.
 */
export function attemptWatch(flying: ReadonlySet<Attempt>, now: () => number, cutAt: () => number): AttemptWatch {
  let timer: NodeJS.Timeout | undefined
  let periodMs = Infinity

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    periodMs = Infinity
  }

  const sweep = (): void => {
    const at = now()
    const over = at >= cutAt()
    for (const attempt of flying) {
      if (over || at - attempt.sentAt >= attempt.timeoutMs) attempt.exchange?.abandon(attemptTimeout())
    }
    if (flying.size === 0) stop()
  }

  return {
    expect(timeoutMs) {
      const wanted = Math.min(500, Math.max(10, timeoutMs / 4))
      if (wanted >= periodMs) return
      clearInterval(timer)
      periodMs = wanted
      timer = setInterval(sweep, periodMs)
      timer.unref()
    },
    stop,
  }
}
