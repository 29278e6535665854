import pg from 'pg'
import { cut } from './mortal-pool.ts'

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
