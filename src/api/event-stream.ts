import { Readable } from 'node:stream'

/** The writing side of a stream of server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
  readonly stream: Readable
  send(event: string, data: unknown): void
  /** The client reads too slowly: do not send events that will soon be outdated. */
  readonly isBehind: boolean
  end(): void
}

/** Keep-alive interval: proxies and browsers close a connection that is silent for too long. */
const beatMs = 15_000
/** Bytes of backlog after which the stream is closed. A live client reconnects and gets the current state. */
const mostBehind = 1024 * 1024

/** Calls `onEnd` once, when the client disconnects, the process stops, or the stream is ended. */
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
  // The first write also sends the headers.
  write('retry: 2000\n\n')
  if (signal.aborted) end()
  return {
    stream,
    end,
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    get isBehind() {
      return behind
    },
  }
}
