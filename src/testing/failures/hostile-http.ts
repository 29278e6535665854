import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Fault } from '../../model/fault.ts'

/**
 * What a hostile server does with one request. `answer` is the default.
 *
 * - `answer`: sends status, headers and body (JSON unless `text` is given), after `delayMs`.
 * - `reset-before`: breaks the connection and does not apply the request.
 * - `reset-after`: applies the request, then breaks the connection instead of answering.
 * - `cut`: applies it, sends the headers and half of the body, then breaks the connection.
 * - `hang`: applies it and never answers.
 * - `trickle`: applies it, then sends the body forever, one byte at a time.
 */
export interface HostileReply {
  readonly act?: 'answer' | 'reset-before' | 'reset-after' | 'cut' | 'hang' | 'trickle'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Sent unchanged instead of `body`. */
  readonly text?: string
  readonly delayMs?: number
}

export interface HostileRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** The raw body. */
  readonly text: string
  /** Index among all requests, starting at 0. */
  readonly index: number
}

export interface HostileHttp {
  readonly baseUrl: string
  readonly port: number
  /** All requests that arrived, in order. */
  readonly requests: readonly HostileRequest[]
  /** Requests that the server applied, with or without an answer. */
  readonly applied: readonly HostileRequest[]
  /** The maximum number of requests that were open at once. */
  readonly peak: number
  /** Resolves when this many requests have arrived. */
  arrived(count: number): Promise<void>
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

export const htmlPage = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>'

/** Starts a server on 127.0.0.1 that answers each request according to `rule`. */
export async function startHostileHttp(
  rule: (request: HostileRequest) => HostileReply,
  port = 0,
): Promise<HostileHttp> {
  const requests: HostileRequest[] = []
  const applied: HostileRequest[] = []
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const waiters = new Map<() => void, number>()
  let open = 0
  let peak = 0

  const later = (ms: number, act: () => void): void => {
    if (ms === 0) return act()
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  const obey = (response: ServerResponse, reply: HostileReply, request: HostileRequest): void => {
    const act = reply.act ?? 'answer'
    if (act === 'reset-before') return void response.socket?.resetAndDestroy()
    applied.push(request)
    if (act === 'reset-after') return void response.socket?.resetAndDestroy()
    if (act === 'hang') return
    const isText = reply.text !== undefined
    const payload = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body))
    const type = isText ? 'text/html' : 'application/json'
    response.writeHead(reply.status ?? 200, {
      'content-type': type,
      ...reply.headers,
      ...(act === 'answer' && { 'content-length': Buffer.byteLength(payload) }),
    })
    if (act === 'answer') return void response.end(payload)
    response.write(act === 'cut' ? payload.slice(0, payload.length / 2) : '[')
    if (act === 'cut') return later(5, () => response.socket?.resetAndDestroy())
    const drip = (): void => {
      if (response.destroyed) return
      response.write(' ')
      later(5, drip)
    }
    drip()
  }

  const server = createServer((incoming, response) => {
    open += 1
    peak = Math.max(peak, open)
    response.once('close', () => (open -= 1))
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const request: HostileRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        text: Buffer.concat(chunks).toString(),
        index: requests.length,
      }
      requests.push(request)
      for (const [wake, count] of waiters) if (requests.length >= count) wake()
      const reply = rule(request)
      later(reply.delayMs ?? 0, () => obey(response, reply, request))
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo

  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    applied,
    get peak() {
      return peak
    },
    arrived: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) return resolve()
        const wake = (): void => {
          waiters.delete(wake)
          resolve()
        }
        waiters.set(wake, count)
      }),
    async idle() {
      // A reset closes a connection, too.
      for (const socket of sockets)
        if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** The Fault that `work` is rejected with. Anything else fails the test. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => new Error('no Fault was thrown'),
    (thrown: unknown) => thrown,
  )
  if (Fault.is(error)) return error
  throw error
}
