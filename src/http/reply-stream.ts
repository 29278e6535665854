import { attemptTimeout } from './network-trouble.ts'
import type { Flow } from './answer-room.ts'

/** The body of an answer, read while it arrives. Memory stays flat: the connection pauses while nobody reads. */
export interface ReplyStream {
  /** The next text; undefined at the end. Rejects when the connection breaks, or when no byte arrives until `until`. */
  next(until: () => number, now: () => number): Promise<string | undefined>
  /** Ends it now and closes its connection. A pending `next` rejects with this error. */
  abandon(error: Error): void
}

/** The side of the connection. */
export interface ReplyInflow {
  readonly stream: ReplyStream
  push(chunk: Buffer): void
  end(): void
  fail(error: Error): void
}

/** The connection pauses when this many characters wait to be read. */
const mostWaiting = 256 * 1024
/** `until` may come nearer during a wait, when the Run is stopped. */
const lookMs = 500

export function replyInflow(flow: Flow, abandon: (error: Error) => void): ReplyInflow {
  const decoder = new TextDecoder()
  let texts: string[] = []
  let waiting = 0
  let paused = false
  let over: { readonly error: Error | undefined } | undefined
  let wake: (() => void) | undefined

  const add = (text: string): void => {
    if (text === '') return
    texts.push(text)
    waiting += text.length
    wake?.()
  }
  const finish = (error: Error | undefined): void => {
    if (over !== undefined) return
    over = { error }
    // After a broken connection, what arrived before is not a whole answer.
    if (error !== undefined) texts = []
    wake?.()
  }
  const arrival = (mostMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => wake?.(), mostMs)
      wake = () => {
        clearTimeout(timer)
        wake = undefined
        resolve()
      }
    })

  return {
    stream: {
      async next(until, now) {
        while (texts.length === 0) {
          if (over?.error !== undefined) throw over.error
          if (over !== undefined) return undefined
          const left = until() - now()
          if (left <= 0) throw attemptTimeout()
          await arrival(Math.min(left, lookMs))
        }
        const text = texts.join('')
        texts = []
        waiting = 0
        if (paused) {
          paused = false
          flow.resume()
        }
        return text
      },
      abandon(error) {
        if (over !== undefined) return
        finish(error)
        abandon(error)
      },
    },
    push(chunk) {
      if (over !== undefined) return
      add(decoder.decode(chunk, { stream: true }))
      if (waiting < mostWaiting || paused) return
      paused = true
      flow.pause()
    },
    end() {
      if (over !== undefined) return
      add(decoder.decode())
      finish(undefined)
    },
    fail: finish,
  }
}
