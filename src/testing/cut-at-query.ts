import pg from 'pg'
import { cut } from './mortal-pool.ts'

/** A pool of which one connection is cut at the first query that has these words in it; the others, and new ones, go on as if nothing had been. */
export function poolCutAtQuery(url: string, schema: string, words: string): { readonly pool: pg.Pool; readonly wasCut: boolean } {
  let wasCut = false

  class CutClient extends pg.Client {
    override query(...args: unknown[]): never {
      const [first] = args as [string | { readonly text: string }]
      const text = typeof first === 'string' ? first : first.text
      if (!wasCut && text.includes(words)) {
        wasCut = true
        cut(this)
      }
      return (super.query as (...all: unknown[]) => never)(...args)
    }
  }

  const pool = new pg.Pool({ connectionString: url, max: 8, Client: CutClient, options: `-c search_path=${schema}` } as pg.PoolConfig)
  pool.on('error', () => undefined)
  return {
    pool,
    get wasCut() {
      return wasCut
    },
  }
}
