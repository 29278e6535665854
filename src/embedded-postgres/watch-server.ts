import { setTimeout as delay } from 'node:timers/promises'
import type { FoundServer } from './find-or-start.ts'

export type ServerNews =
  /** The server ended and is being restarted. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'started'; readonly server: FoundServer }
  /** The restart failed; the next attempt follows after this time. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly nextMs: number }

export interface ServerWatch {
  /** Resolves when no restart is in progress. */
  close(): Promise<void>
}

export interface WatchOptions {
  readonly isRunning: () => boolean
  /** Finds the server that another process started, or starts it. */
  readonly startAgain: () => Promise<FoundServer>
  readonly report: (news: ServerNews) => void
}

const everyMs = 250
const firstPauseMs = 1000
const longestPauseMs = 30_000
/** A server that ran this long ends a series of failures. */
const healthyMs = 60_000

/** Watches a server until closed. A server that ends is restarted, with growing pauses if it keeps ending. */
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
