import { connect as connectTcp, type Socket } from 'node:net'
import { buildConnector } from 'undici'

/** Opens the connections of a Wire, and can discard data that they have not sent yet. */
export interface WireSockets {
  readonly connect: buildConnector.connector
  /**
   * Breaks every connection with a TCP reset. After an ordinary close, the operating system would still send data that
   * is waiting, for example when a cut network comes back.
   */
  reset(): void
}

/** `rejects` is called right before bytes go to the operating system. It returns why they must not be sent. */
export function wireSockets(connectTimeoutMs: number, rejects: () => Error | undefined): WireSockets {
  const sockets = new Set<Socket>()
  const connector = buildConnector({ timeout: connectTimeoutMs, allowH2: false })
  const build: buildConnector.connector = (target, done) =>
    connector(target, (...found) => {
      if (found[0] === null) rejectAtLast(found[1], rejects)
      done(...found)
    })
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => void sockets.delete(socket))
  }
  return {
    connect(target, done) {
      if (target.protocol !== 'https:') {
        build(target, (...found) => {
          if (found[0] === null) track(found[1])
          done(...found)
        })
        return
      }
      // Only the TCP socket below TLS can be reset.
      const raw = connectTcp({ host: target.hostname, port: Number(target.port || 443) })
      track(raw)
      const timer = setTimeout(
        () => raw.destroy(Object.assign(new Error('connect timed out'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
        connectTimeoutMs,
      )
      const onError = (error: Error): void => {
        clearTimeout(timer)
        done(error, null)
      }
      raw.once('error', onError).once('connect', () => {
        clearTimeout(timer)
        raw.off('error', onError)
        build({ ...target, httpSocket: raw }, done)
      })
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
  }
}

/** With this check a frozen process can only send bytes that were checked within its last microseconds. */
function rejectAtLast(socket: Socket, rejects: () => Error | undefined): void {
  const { _write: write, _writev: writev } = socket
  socket._write = (chunk, encoding, done) => {
    const why = rejects()
    if (why === undefined) write.call(socket, chunk, encoding, done)
    else done(why)
  }
  if (writev === undefined) return
  socket._writev = (chunks, done) => {
    const why = rejects()
    if (why === undefined) writev.call(socket, chunks, done)
    else done(why)
  }
}
