import pg from 'pg'

/**
 * A pool that simulates the death of its process, at a given query or when `kill` is called. From then on all queries
 * fail, and all connections are cut without a goodbye message, as the kernel does for a killed process. Queries of all
 * connections are counted together.
 */
export function mortalPool(
  url: string,
  schema: string,
  diesAtQuery = Infinity,
): { pool: pg.Pool; readonly dead: boolean; kill(): void; bury(): Promise<void> } {
  let queries = 0
  let dead = false
  const kill = (): void => {
    dead = true
    for (const client of clients) cut(client)
  }
  const clients = new Set<pg.Client>()

  class MortalClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      clients.add(this)
      this.on('error', () => undefined)
    }

    override query(...args: unknown[]): never {
      queries += 1
      if (queries >= diesAtQuery && !dead) kill()
      return (super.query as (...all: unknown[]) => never)(...args)
    }
  }

  class MortalPool extends pg.Pool {
    override connect(whenDone?: (error: Error, client: undefined, done: () => void) => void): never {
      if (!dead) return (super.connect as (callback?: unknown) => never)(whenDone)
      const error = new Error('This process is dead.')
      if (whenDone === undefined) return Promise.reject(error) as never
      return process.nextTick(() => whenDone(error, undefined, () => undefined)) as never
    }
  }

  const pool = new MortalPool({
    connectionString: url,
    max: 8,
    Client: MortalClient,
    options: `-c search_path=${schema}`,
  } as pg.PoolConfig)
  pool.on('error', () => undefined)
  return {
    pool,
    get dead() {
      return dead
    },
    kill,
    bury: () => pool.end(),
  }
}

/** Closes the socket without the protocol's goodbye message. */
function cut(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}

/**
 * A pool that cuts one connection once, at the first query for which `cutsAt` is true. It gets the query's text and its
 * number, from 1. Other connections and new ones work normally.
 */
export function poolCutAtQuery(
  url: string,
  schema: string,
  cutsAt: (text: string, number: number) => boolean,
): { readonly pool: pg.Pool; readonly wasCut: boolean } {
  let wasCut = false
  let queries = 0

  class CutClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      this.on('error', () => undefined)
    }

    override query(...args: unknown[]): never {
      const [first] = args as [string | { readonly text?: string }]
      queries += 1
      if (!wasCut && cutsAt(typeof first === 'string' ? first : (first.text ?? ''), queries)) {
        wasCut = true
        cut(this)
      }
      return (super.query as (...all: unknown[]) => never)(...args)
    }
  }

  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    Client: CutClient,
    options: `-c search_path=${schema}`,
  } as pg.PoolConfig)
  pool.on('error', () => undefined)
  return {
    pool,
    get wasCut() {
      return wasCut
    },
  }
}
