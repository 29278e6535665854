import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

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
