import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server through this process, which sees what is said on it before the server does. */
export interface TappedLine {
  readonly port: number
  close(): void
}

/** `onSaid` gets what a client says, chunk by chunk, as text; what it does is done before that is passed on. */
export async function tapLine(address: string, to: { readonly host: string; readonly port: number }, onSaid: (text: string) => void): Promise<TappedLine> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to.port, to.host)
    for (const [from, into] of [[near, far], [far, near]] as const) {
      sockets.add(from)
      from.setNoDelay(true).on('error', () => { /* its end is passed on */ }).on('close', () => {
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
