import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

/** A proxy to a local server that can fall silent: connections stay open, but no data passes in either direction. */
export interface SilentProxy {
  readonly port: number
  /** From now on, passes nothing on. New connections are accepted and not answered. */
  fallSilent(): void
  /** Number of bytes that clients have sent so far. */
  readonly received: number
  close(): Promise<void>
}

/** `silentAfter`: falls silent when clients have sent this many bytes in total. */
export async function silentProxy(
  to: { readonly host: string; readonly port: number },
  silentAfter = Infinity,
): Promise<SilentProxy> {
  const sockets = new Set<Socket>()
  let silent = false
  let received = 0
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    const upstream = keep(connect(to.port, to.host))
    client.on('data', (data) => {
      received += data.length
      if (received >= silentAfter) silent = true
      if (!silent) upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!silent) client.write(data)
    })
    client.on('close', () => {
      if (!silent) upstream.destroy()
    })
    upstream.on('close', () => {
      if (!silent) client.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent: () => {
      silent = true
    },
    get received() {
      return received
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A proxy in this process that sees what a client sends before the server does. */
export interface TappedLine {
  readonly port: number
  close(): void
}

/** `onSaid` receives what the client sends, chunk by chunk, as text. It runs before the chunk is passed on. */
export async function tapLine(
  address: string,
  to: { readonly host: string; readonly port: number },
  onSaid: (text: string) => void,
): Promise<TappedLine> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to.port, to.host)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from
        .setNoDelay(true)
        .on('error', () => {
          /* `close` follows and closes the other side */
        })
        .on('close', () => {
          sockets.delete(from)
          into.destroy()
        })
    }
    near.on('data', (data: Buffer) => {
      onSaid(data.toString('latin1'))
      far.write(data)
    })
    far.on('data', (data) => near.write(data))
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
