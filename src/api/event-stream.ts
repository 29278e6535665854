import { Readable } from 'node:stream'

/** A stream of server-sent events (WHATWG HTML, 9.2) that is being written. */
export interface EventStream {
  readonly stream: Readable
  send(event: string, data: unknown): void
  /** Whoever reads it is behind: what will be outdated soon should not be sent now. */
  readonly isBehind: boolean
  end(): void
}

/** Proxies and browsers give up on a connection that is silent for too long. */
const beatMs = 15_000
/** Who is so far behind (in bytes) reads nothing any more; a client that does comes back, and is told how things stand then. */
const mostBehind = 1024 * 1024

/** `onEnd` is called once, when it is over: the client left, the process stops, or it was ended. */
export function openEventStream(signal: AbortSignal, onEnd: () => void): EventStream {
  let ended = false
  let behind = false
  const stream = new Readable({
    read: () => {
      behind = false
    },
    destroy(error, done) {
      finish()
      done(error)
    },
  })
  const write = (text: string): void => {
    if (ended) return
    behind = !stream.push(text)
    if (stream.readableLength > mostBehind) stream.destroy()
  }
  const beat = setInterval(() => write(': beat\n\n'), beatMs)
  const finish = (): void => {
    if (ended) return
    ended = true
    clearInterval(beat)
    signal.removeEventListener('abort', end)
    onEnd()
  }
  const end = (): void => {
    if (!ended) stream.push(null)
    finish()
  }
  signal.addEventListener('abort', end)
  // Headers go out with the first text.
  write('retry: 2000\n\n')
  if (signal.aborted) end()
  return {
    stream, end,
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    get isBehind() {
      return behind
    },
  }
}
