import type { RateLimit } from '../connect/rate-limit.ts'
import { Pool, ProxyAgent, type Dispatcher } from 'undici'
import { answerRoom, type Seat } from './answer-room.ts'
import type { OutgoingText } from './outgoing-text.ts'
import { replyInflow, type ReplyInflow, type ReplyStream } from './reply-stream.ts'
import { answerTooLarge, isKeptBack, proxyTrouble } from './network-trouble.ts'
import type { ProxyRoute } from './proxy-route.ts'
import { wireSockets } from './wire-sockets.ts'

/** The result of one attempt: an answer (`status`), or the `error` that occurred instead. */
export interface WireResult {
  /** False only if no part of the request can have reached the server. */
  readonly sent: boolean
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body of a 2xx answer that arrives while it is read. */
  readonly stream: ReplyStream | undefined
  readonly error: Error | undefined
}

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod
  /** Includes the base URL's own path and the query. */
  readonly path: string
  readonly headers: readonly string[]
  readonly body: string | OutgoingText | null
  /** A 2xx answer is not collected: its body is `WireResult.stream`. */
  readonly streams: boolean
}

export interface Exchange {
  /** True once sending has begun. */
  readonly sent: boolean
  /** Ends it now with this error and closes its connection. */
  abandon(error: Error): void
}

export interface Wire {
  /** `done` is called exactly once, never before `exchange` returns. */
  exchange(request: WireRequest, done: (result: WireResult) => void): Exchange
  /** Breaks every connection at once and accepts no more requests. */
  destroy(): Promise<void>
  /** Breaks every connection; later requests open new ones. Requests in flight end with an error. */
  reset(): void
}

export interface WireOptions {
  readonly origin: string
  /** Null: as many as there are requests. */
  readonly connections: number | null
  readonly connectTimeoutMs: number
  /** How long an idle connection is kept, unless the server asks for less. */
  readonly keepAliveMs: number
  readonly proxy: ProxyRoute | undefined
  /**
   * Called right before a request is sent: returns why it must not be. Through a proxy it is called a moment earlier.
   */
  readonly rejects: () => Error | undefined
}

/** A longer answer is not an API answer. */
const maxAnswerBytes = 8 * 1024 * 1024
/** Shared by all answers in flight in this process. */
const room = answerRoom(8 * maxAnswerBytes)
const noHeaders: Readonly<Record<string, string>> = {}

/**
 * Uses undici's `dispatch` instead of `request`: it reports whether sending has begun, which decides whether a request
 * may have been applied. Attempts have no timers here; the caller abandons them.
 */
export function createWire(options: WireOptions): Wire {
  const sockets = wireSockets(options.connectTimeoutMs, options.rejects)
  const dispatcher =
    options.proxy === undefined
      ? new Pool(options.origin, { ...poolOptions(options), connect: sockets.connect })
      : throughProxy(options, options.proxy)
  return {
    exchange: (request, done) => exchange(dispatcher, options, request, done),
    async destroy() {
      sockets.reset()
      await dispatcher.destroy()
    },
    reset: sockets.reset,
  }
}

function poolOptions({ connections, connectTimeoutMs, keepAliveMs }: WireOptions): Pool.Options {
  return {
    connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
  }
}

/** https:// goes through a CONNECT tunnel; for http:// the proxy makes the request itself. */
function throughProxy(options: WireOptions, { uri }: ProxyRoute): ProxyAgent {
  const { connectTimeoutMs } = options
  const { connect: _, ...bare } = poolOptions(options)
  return new ProxyAgent({
    uri,
    connectTimeout: connectTimeoutMs,
    proxyTls: { timeout: connectTimeoutMs },
    requestTls: { timeout: connectTimeoutMs },
    factory: (origin, given) => new Pool(origin, { ...(given as Pool.Options), ...bare }),
    // This client only receives the proxy's answers to CONNECT.
    clientFactory: (origin, given) =>
      new Pool(origin, { ...(given as Pool.Options), allowH2: false, headersTimeout: connectTimeoutMs }),
  })
}

function exchange(
  dispatcher: Dispatcher,
  { origin, rejects }: WireOptions,
  request: WireRequest,
  done: (result: WireResult) => void,
): Exchange {
  let controller: Dispatcher.DispatchController | undefined
  let over: Error | true | undefined
  let status = 0
  let headers = noHeaders
  let chunks: Buffer[] | undefined
  let first: Buffer | undefined
  let seat: Seat | undefined
  let bytes = 0
  let returned = false
  let inflow: ReplyInflow | undefined
  const { body } = request
  const outgoing = body === null || typeof body === 'string' ? undefined : body

  const finish = (result: WireResult): void => {
    try {
      done(result)
    } finally {
      seat?.leave()
    }
  }
  const fail = (error: Error): void => {
    if (over !== undefined) return
    over = error
    chunks = first = undefined
    const result: WireResult = {
      sent:
        controller !== undefined &&
        proxyTrouble(error) === undefined &&
        (!isKeptBack(error) || outgoing?.hasLeft === true),
      status: 0,
      headers,
      text: '',
      stream: undefined,
      error,
    }
    if (returned) finish(result)
    else queueMicrotask(() => finish(result))
  }
  const abandon = (error: Error): void => {
    fail(error)
    controller?.abort(error)
  }

  dispatcher.dispatch(
    {
      origin,
      method: request.method,
      path: request.path,
      headers: request.headers as string[],
      body: (outgoing?.body ?? body) as string | null,
    },
    {
      onRequestStart(given) {
        const why = over === undefined ? rejects() : undefined
        if (why !== undefined) fail(why)
        if (over instanceof Error) given.abort(over)
        else controller = given
      },
      onResponseStart(flow, code, given) {
        status = code
        headers = flatHeaders(given)
        if (request.streams && over === undefined && code >= 200 && code < 300) {
          over = true
          inflow = replyInflow(flow, (error) => flow.abort(error))
          return finish({ sent: true, status, headers, text: '', stream: inflow.stream, error: undefined })
        }
        if (Number(headers['content-length'] ?? 0) > maxAnswerBytes) abandon(answerTooLarge())
      },
      onResponseData(given, chunk) {
        inflow?.push(chunk)
        if (over !== undefined) return
        bytes += chunk.length
        if (first === undefined) first = chunk
        else {
          // A body of one chunk is too small to count.
          seat ??= room.enter(given)
          ;(chunks ??= [first]).push(chunk)
          seat.take(chunk.length)
        }
        if (bytes > maxAnswerBytes) abandon(answerTooLarge())
      },
      onResponseEnd() {
        inflow?.end()
        if (over !== undefined) return
        over = true
        const text =
          chunks !== undefined ? Buffer.concat(chunks, bytes).toString() : first === undefined ? '' : first.toString()
        chunks = first = undefined
        finish({ sent: true, status, headers, text, stream: undefined, error: undefined })
      },
      onResponseError(_controller, error) {
        inflow?.fail(error)
        fail(error)
      },
    },
  )
  returned = true
  return {
    get sent() {
      return controller !== undefined
    },
    abandon,
  }
}

/** Joins repeated headers. Most replies have none, so the same object is returned. */
function flatHeaders(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string') headers[name] = value?.join(', ') ?? ''
  }
  return headers as Record<string, string>
}

/** How long connections stay open without a request: until the next window at least, but not for a long one. */
export function keepAliveFor(limits: readonly RateLimit[]): number {
  const windows = limits.filter(({ kind }) => kind !== 'quota').map(({ perMs }) => perMs)
  return Math.min(60_000, Math.max(10_000, ...windows)) + 5_000
}
