import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Fault } from '../../model/fault.ts'

/**
 * What a hostile server does to one request. `answer` is the default.
 *
 * - `answer`        status, headers, body (JSON unless `text` is given), after `delayMs`;
 * - `reset-before`  breaks the connection without doing what was asked;
 * - `reset-after`   does it (`apply` is called), then breaks the connection in place of an answer;
 * - `cut`           does it, sends headers and half of the body, then breaks the connection;
 * - `hang`          does it, never answers;
 * - `trickle`       does it, then sends its body for ever, a byte at a time.
 */
export interface HostileReply {
  readonly act?: 'answer' | 'reset-before' | 'reset-after' | 'cut' | 'hang' | 'trickle'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly text?: string
  readonly delayMs?: number
}

export interface HostileRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** The raw body. */
  readonly text: string
  /** Of all requests: 0, 1, 2 … */
  readonly index: number
}

export interface HostileHttp {
  readonly baseUrl: string
  readonly port: number
  /** Every request that arrived, in order. */
  readonly requests: readonly HostileRequest[]
  /** Those that the server did, whether or not it said so. */
  readonly applied: readonly HostileRequest[]
  /** The most requests that were open at once. */
  readonly peak: number
  /** Resolves when this many requests have arrived. */
  arrived(count: number): Promise<void>
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

export const htmlPage = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>'

/** Starts a server on 127.0.0.1 that answers as `rule` says. */
export async function startHostileHttp(rule: (request: HostileRequest) => HostileReply, port = 0): Promise<HostileHttp> {
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
    response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers, ...(act === 'answer' && { 'content-length': Buffer.byteLength(payload) }) })
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
        method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers,
        text: Buffer.concat(chunks).toString(), index: requests.length,
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
    arrived: (count) => new Promise((resolve) => {
      if (requests.length >= count) return resolve()
      const wake = (): void => {
        waiters.delete(wake)
        resolve()
      }
      waiters.set(wake, count)
    }),
    async idle() {
      // A reset ends a connection as well as a farewell does.
      for (const socket of sockets) if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** What `work` is rejected with; anything but a Fault is a failure of the test. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(() => new Error('no Fault was thrown'), (thrown: unknown) => thrown)
  if (Fault.is(error)) return error
  throw error
}
