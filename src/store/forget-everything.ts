import type { Pool } from 'pg'
import { inTransaction } from './transaction.ts'

/** Empties the control database, as if it were new. For the demo, which begins afresh each time. */
export async function forgetEverything(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() and tablename ~ '^stage_[0-9]+$'`)
    for (const { name } of rows) await client.query(`drop table ${name}`)
    await client.query('truncate activation, memory restart identity cascade')
  })
}
