import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Pool } from 'pg'
import { libpqUrl } from '../database/libpq-url.ts'
import { keptAlive, sessionSettings } from '../database/database-session-settings.ts'

/**
 * Sends small messages to all processes on the same control database. A process that does not listen at that moment
 * misses them.
 */
export interface Broadcast<Message> {
  publish(message: Message): void
}

export interface Listening {
  close(): Promise<void>
}

export interface BroadcastOptions {
  readonly pool: Pool
  /** Distinguishes the control database from others on the same server. */
  readonly schema: string
  /** The application_name of its connections. */
  readonly applicationName: string
  /** The sender: it does not receive its own messages. */
  readonly from: string
  /** Creates the socket to listen on; default: any. */
  readonly stream?: (() => Socket) | undefined
  readonly onTrouble: (error: unknown) => void
}

const againMs = 1000

export function openBroadcast<Message>({
  pool,
  schema,
  from,
  onTrouble,
}: Omit<BroadcastOptions, 'applicationName' | 'stream'>): Broadcast<Message> {
  return {
    publish(message) {
      pool.query('select pg_notify($1, $2)', [channelOf(schema), JSON.stringify({ from, message })]).catch(onTrouble)
    },
  }
}

/**
 * Receives the messages of other processes on a connection of its own, and reconnects if it breaks. `onGap`: messages
 * may have been missed.
 */
export async function listen<Message>(
  url: string,
  { schema, applicationName, from, stream, onTrouble }: Omit<BroadcastOptions, 'pool'>,
  onMessage: (message: Message) => void,
  onGap: () => void,
): Promise<Listening> {
  const closed = new AbortController()
  let client: pg.Client | undefined
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: libpqUrl(url),
      application_name: applicationName,
      ...keptAlive,
      ...(stream && { stream }),
    })
    fresh.on('error', onTrouble)
    fresh.on('notification', ({ payload = '' }) => {
      const said = JSON.parse(payload) as { readonly from: string; readonly message: Message }
      if (said.from !== from) onMessage(said.message)
    })
    await fresh.connect()
    client = fresh
    await fresh.query(sessionSettings())
    await fresh.query(`listen ${pg.escapeIdentifier(channelOf(schema))}`)
    // Not before: until it listens, its caller retries.
    fresh.on('end', () => void again())
  }
  const again = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      try {
        await delay(againMs, undefined, { signal: closed.signal })
        await connect()
        return onGap()
      } catch (error) {
        if (!closed.signal.aborted) onTrouble(error)
      }
    }
  }
  await connect()
  return {
    async close() {
      closed.abort()
      await client?.end()
    },
  }
}

function channelOf(schema: string): string {
  return `${schema}_events`
}
