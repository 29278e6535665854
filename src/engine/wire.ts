import { Pool, type Dispatcher } from 'undici'

/** What became of one attempt: an answer (`status`), or else the `error` that came in its place. */
export interface WireResult {
  /** False only if nothing of it can have reached the server. */
  readonly sent: boolean
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly error: Error | undefined
}

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod
  /** With the base URL's own path and the query. */
  readonly path: string
  readonly headers: readonly string[]
  readonly body: string | null
}

export interface Exchange {
  /** True once the request has begun to leave. */
  readonly sent: boolean
  /** Ends it now, with this error; its connection is closed. */
  abandon(error: Error): void
}

export interface Wire {
  /** `done` is called exactly once, never before `exchange` returns. */
  exchange(request: WireRequest, done: (result: WireResult) => void): Exchange
  close(): Promise<void>
  /** Breaks every connection at once. */
  destroy(): Promise<void>
}

export interface WireOptions {
  readonly origin: string
  readonly connections: number
  readonly connectTimeoutMs: number
  /** How long an idle connection is kept, unless the server says less. */
  readonly keepAliveMs: number
}

/** An answer longer than this is no API answer. */
const maxBodyBytes = 64 * 1024 * 1024
const noHeaders: Readonly<Record<string, string>> = {}

/**
 * One undici Pool below `request`, at `dispatch`: there one learns whether a request has begun to leave, which decides
 * whether it may have been applied. Attempts have no timers here; who waits for them abandons them.
 */
export function createWire(options: WireOptions): Wire {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: options.keepAliveMs,
  })
  return {
    exchange: (request, done) => exchange(pool, request, done),
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}

function exchange(pool: Pool, request: WireRequest, done: (result: WireResult) => void): Exchange {
  let controller: Dispatcher.DispatchController | undefined
  let over: Error | true | undefined
  let status = 0
  let headers = noHeaders
  let chunks: Buffer[] | undefined
  let first: Buffer | undefined
  let bytes = 0
  let returned = false

  const fail = (error: Error): void => {
    if (over !== undefined) return
    over = error
    const result: WireResult = { sent: controller !== undefined, status: 0, headers, text: '', error }
    if (returned) done(result)
    else queueMicrotask(() => done(result))
  }
  const abandon = (error: Error): void => {
    fail(error)
    controller?.abort(error)
  }

  pool.dispatch({ method: request.method, path: request.path, headers: request.headers as string[], body: request.body }, {
    onRequestStart(given) {
      if (over instanceof Error) given.abort(over)
      else controller = given
    },
    onResponseStart(_controller, code, given) {
      status = code
      headers = flatHeaders(given)
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length
      if (first === undefined) first = chunk
      else (chunks ??= [first]).push(chunk)
      if (bytes > maxBodyBytes) abandon(new Error(`an answer of more than ${maxBodyBytes} bytes`))
    },
    onResponseEnd() {
      if (over !== undefined) return
      over = true
      const text = chunks !== undefined ? Buffer.concat(chunks, bytes).toString() : first === undefined ? '' : first.toString()
      done({ sent: true, status, headers, text, error: undefined })
    },
    onResponseError(_controller, error) {
      fail(error)
    },
  })
  returned = true
  return {
    get sent() {
      return controller !== undefined
    },
    abandon,
  }
}

/** Only a repeated header is a list; most replies have none and are handed on as they are. */
function flatHeaders(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string') headers[name] = value?.join(', ') ?? ''
  }
  return headers as Record<string, string>
}
