import { setTimeout as delay } from 'node:timers/promises'
import type { FoundServer } from './find-or-start.ts'

export type ServerNews =
  /** It is not there any more, and is started again. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'started'; readonly server: FoundServer }
  /** It does not start; it is tried again after so long. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly nextMs: number }

export interface ServerWatch {
  /** Comes back when nothing is being started any more. */
  close(): Promise<void>
}

export interface WatchOptions {
  readonly isRunning: () => boolean
  /** Finds the one that another process started, or starts it. */
  readonly startAgain: () => Promise<FoundServer>
  readonly report: (news: ServerNews) => void
}

const everyMs = 250
const firstPauseMs = 1000
const longestPauseMs = 30_000
/** One that ran so long is no part of a series of failures any more. */
const healthyMs = 60_000

/** Looks after a server until it is closed: one that ends is started again, after longer and longer pauses where it does not stay. */
export function watchServer({ isRunning, startAgain, report }: WatchOptions): ServerWatch {
  const closed = new AbortController()
  const { signal } = closed
  const pause = async (ms: number): Promise<void> => {
    await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
  }
  const watch = async (): Promise<void> => {
    let attempts = 0
    let startedAt: number | undefined
    while (!signal.aborted) {
      if (isRunning()) {
        await pause(everyMs)
        continue
      }
      if (startedAt === undefined || performance.now() - startedAt > healthyMs) attempts = 0
      report({ kind: 'ended' })
      do {
        if (attempts > 0) await pause(pauseBefore(attempts))
        if (signal.aborted) return
        attempts += 1
        startedAt = await tryStart(attempts)
      } while (startedAt === undefined)
    }
  }
  const tryStart = async (attempts: number): Promise<number | undefined> => {
    try {
      report({ kind: 'started', server: await startAgain() })
      return performance.now()
    } catch (error) {
      report({ kind: 'failed', error, nextMs: pauseBefore(attempts) })
      return undefined
    }
  }
  const ended = watch()
  return {
    async close() {
      closed.abort()
      await ended
    },
  }
}

function pauseBefore(attempts: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1))
}
