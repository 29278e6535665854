import { Socket } from 'node:net'
import pg from 'pg'
import { libpqUrl } from './libpq-url.ts'

/** Makes the sockets of connections to one server, and ends them all when that server answers nothing any more. */
export interface WatchedLine {
  /** For `pg`, of every pool and client that shall be watched. */
  readonly stream: () => Socket
  close(): Promise<void>
}

export interface WatchedLineOptions {
  /** Contains the password. */
  readonly url: string
  readonly applicationName: string
  /** It is asked so often; after so many times of no answer it counts as gone. Default: 2 s, 10 times. */
  readonly everyMs?: number
  readonly mostSilent?: number
}

/**
 * A machine that is gone closes nothing: what waits for its answer waits for as long as the system sends packets anew, a quarter of an
 * hour. So the server is asked for a sign of life on a connection of its own. Turns are counted, not time: a process that was
 * itself too busy, or asleep, has not waited.
 */
export function watchLine({ url, applicationName, everyMs = 2000, mostSilent = 10 }: WatchedLineOptions): WatchedLine {
  const sockets = new Set<Socket>()
  let client: pg.Client | undefined
  let asking = false
  let silent = 0

  const stream = (): Socket => {
    const socket = new Socket()
    sockets.add(socket)
    return socket.once('close', () => void sockets.delete(socket))
  }
  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ connectionString: libpqUrl(url), application_name: `${applicationName} watch`, stream })
    fresh.on('error', () => {
      client = undefined
    })
    await fresh.connect()
    return fresh
  }
  const ask = async (): Promise<void> => {
    asking = true
    try {
      client ??= await connect()
      await client.query('select 1')
    } catch {
      // Whatever it says, it is not silent; what it says is told to whoever asks for more than a sign of life.
      client = undefined
    } finally {
      asking = false
      silent = 0
    }
  }
  const timer = setInterval(() => {
    if (!asking) return void ask()
    silent += 1
    if (silent < mostSilent) return
    silent = 0
    for (const socket of sockets) socket.destroy(Object.assign(new Error('The control database does not answer.'), { code: 'ETIMEDOUT' }))
  }, everyMs).unref()

  return {
    stream,
    async close() {
      clearInterval(timer)
      await client?.end()
    },
  }
}
