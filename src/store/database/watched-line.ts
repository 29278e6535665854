import { Socket } from 'node:net'
import pg from 'pg'
import { libpqUrl } from './libpq-url.ts'
import { keptAlive, sessionSettings } from './database-session-settings.ts'

/** Creates the sockets of connections to one server, and ends all of them when that server stops answering. */
export interface WatchedLine {
  /** For `pg`: for every pool and client to be watched. */
  readonly stream: () => Socket
  close(): Promise<void>
}

const closesWithinMs = 1000

export interface WatchedLineOptions {
  /** Contains the password. */
  readonly url: string
  readonly applicationName: string
  /** A request that the server must answer, which also signals that we are alive; default: `select 1`. */
  readonly sign?: ((client: pg.ClientBase) => Promise<unknown>) | undefined
  /**
   * Interval of the requests, and the number of intervals without an answer after which the server counts as gone.
   * Default: 2 s, 10 times.
   */
  readonly everyMs?: number
  readonly mostSilent?: number
  /** Its current port, if the server may restart on another one. */
  readonly port?: (() => number) | undefined
}

/**
 * A machine that is gone closes no connection: a pending query waits as long as the system repeats packets, a quarter
 * of an hour. So the server must answer requests on a connection of its own. Intervals are counted, not time: a process
 * that was busy or asleep itself has not waited.
 */
export function watchLine({
  url,
  applicationName,
  sign = (client) => client.query('select 1'),
  everyMs = 2000,
  mostSilent = 10,
  port,
}: WatchedLineOptions): WatchedLine {
  const sockets = new Set<Socket>()
  let client: pg.Client | undefined
  let own: Socket | undefined
  let asking: Promise<void> | undefined
  let silent = 0

  const stream = (): Socket => {
    const socket = port === undefined ? new Socket() : new MovingSocket(port)
    sockets.add(socket)
    return socket.once('close', () => void sockets.delete(socket))
  }
  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({
      connectionString: libpqUrl(url),
      application_name: applicationName,
      ...keptAlive,
      stream: () => (own = stream()),
    })
    fresh.on('error', () => {
      client = undefined
    })
    await fresh.connect()
    await fresh.query(sessionSettings())
    return fresh
  }
  const ask = async (): Promise<void> => {
    try {
      client ??= await connect()
      await sign(client)
    } catch {
      // An error is an answer, too, so the server is not silent; other queries report the error.
      client = undefined
    } finally {
      asking = undefined
      silent = 0
    }
  }
  asking = ask()
  const timer = setInterval(() => {
    if (asking === undefined) {
      asking = ask()
      return
    }
    silent += 1
    if (silent < mostSilent) return
    silent = 0
    for (const socket of sockets)
      socket.destroy(Object.assign(new Error('The control database does not answer.'), { code: 'ETIMEDOUT' }))
  }, everyMs).unref()

  return {
    stream,
    async close() {
      clearInterval(timer)
      // Does not wait for a server that does not answer.
      const patience = setTimeout(() => own?.destroy(), closesWithinMs)
      await asking
      clearTimeout(patience)
      await client?.end()
    },
  }
}

/** Connects to the server's current port, whatever port `pg` was created with. */
class MovingSocket extends Socket {
  readonly #port: () => number

  constructor(port: () => number) {
    super()
    this.#port = port
  }

  override connect(...[, host]: unknown[]): this {
    return super.connect(this.#port(), String(host))
  }
}
