import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface TestProxy {
  /** URL without credentials. */
  readonly url: string
  /** Requests that it passed on: `CONNECT host:port`, or `GET http://host:port/path`. */
  readonly passed: readonly string[]
  close(): Promise<void>
}

export interface TestProxyOptions {
  /** The required `user:password`. */
  readonly login?: string
  /** Answers every CONNECT and every request with this status and passes nothing on. */
  readonly rejects?: number
  /** Accepts requests and never answers them. */
  readonly hangs?: boolean
}

/** A forward proxy on 127.0.0.1 for plain requests and tunnels. */
export async function startTestProxy({ login, rejects, hangs = false }: TestProxyOptions = {}): Promise<TestProxy> {
  const passed: string[] = []
  const sockets = new Set<Socket>()
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`
  const denies = ({ headers }: IncomingMessage): number | undefined =>
    rejects ?? (headers['proxy-authorization'] === wanted ? undefined : 407)

  const server = createServer((incoming, response) => {
    if (hangs) return
    const status = denies(incoming)
    if (status !== undefined) return void response.writeHead(status).end()
    passed.push(`${incoming.method} ${incoming.url}`)
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = incoming.headers
    const onward = ask(incoming.url ?? '', { method: incoming.method ?? 'GET', headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(response)
    })
    onward.once('error', () => response.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.on('connect', (incoming: IncomingMessage, near: Socket) => {
    near.on('error', () => undefined)
    if (hangs) return
    const status = denies(incoming)
    if (status !== undefined) return void near.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    passed.push(`CONNECT ${incoming.url}`)
    const [host = '', port] = (incoming.url ?? '').split(':')
    const far = connect(Number(port), host, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.pipe(near)
      near.pipe(far)
    })
    sockets.add(far)
    far
      .once('error', () => near.destroy())
      .once('close', () => {
        sockets.delete(far)
        near.destroy()
      })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
