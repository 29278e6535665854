import { connect as connectTcp, type Socket } from 'node:net'
import { buildConnector } from 'undici'

/** Makes the connections of a Wire, and can take back what waits in them. */
export interface WireSockets {
  readonly connect: buildConnector.connector
  /**
   * Breaks every connection with a TCP reset. An ordinary close would leave to the system what was written and has not got through: where
   * the network was cut, it would still send that when the network is back.
   */
  reset(): void
}

export function wireSockets(connectTimeoutMs: number): WireSockets {
  const sockets = new Set<Socket>()
  const build = buildConnector({ timeout: connectTimeoutMs, allowH2: false })
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
      // Only the socket below TLS can be reset.
      const raw = connectTcp({ host: target.hostname, port: Number(target.port || 443) })
      track(raw)
      const timer = setTimeout(() => raw.destroy(Object.assign(new Error('connect timed out'), { code: 'UND_ERR_CONNECT_TIMEOUT' })), connectTimeoutMs)
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
