import { Socket } from 'node:net'
import pg from 'pg'
import { libpqUrl } from './libpq-url.ts'
import { keptAlive, sessionSettings } from './database-session-settings.ts'

/** Makes the sockets of connections to one server, and ends them all when that server answers nothing any more. */
export interface WatchedLine {
  /** For `pg`, of every pool and client that shall be watched. */
  readonly stream: () => Socket
  close(): Promise<void>
}

const closesWithinMs = 1000

export interface WatchedLineOptions {
  /** Contains the password. */
  readonly url: string
  readonly applicationName: string
  /** Asks for a sign of life, and gives one; default: `select 1`. */
  readonly sign?: ((client: pg.ClientBase) => Promise<unknown>) | undefined
  /** It is asked so often; after so many times of no answer it counts as gone. Default: 2 s, 10 times. */
  readonly everyMs?: number
  readonly mostSilent?: number
  /** Its port now, where the server may come back on another one. */
  readonly port?: (() => number) | undefined
}

/**
 * A machine that is gone closes nothing: what waits for its answer waits for as long as the system sends packets anew, a quarter of an
 * hour. So the server is asked for a sign of life on a connection of its own. Turns are counted, not time: a process that was
 * itself too busy, or asleep, has not waited.
 */
export function watchLine({ url, applicationName, sign = (client) => client.query('select 1'), everyMs = 2000, mostSilent = 10, port }: WatchedLineOptions): WatchedLine {
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
    const fresh = new pg.Client({ connectionString: libpqUrl(url), application_name: applicationName, ...keptAlive, stream: () => own = stream() })
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
      // Whatever it says, it is not silent; what it says is told to whoever asks for more than a sign of life.
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
    for (const socket of sockets) socket.destroy(Object.assign(new Error('The control database does not answer.'), { code: 'ETIMEDOUT' }))
  }, everyMs).unref()

  return {
    stream,
    async close() {
      clearInterval(timer)
      // A server that does not answer is not waited for.
      const patience = setTimeout(() => own?.destroy(), closesWithinMs)
      await asking
      clearTimeout(patience)
      await client?.end()
    },
  }
}

/** Connects to where the server is now, whatever port `pg` was told when it was made. */
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
