import type { Pool } from 'pg'
import { jobsSchema } from '../queue/job-queue.ts'
import { inTransaction } from './transaction.ts'

/** Empties the control database. For the demo, which starts anew each time. */
export async function forgetEverything(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ name: string; stage: boolean }>(
      `select quote_ident(tablename) as name, tablename ~ '^stage_[0-9]+$' as stage from pg_tables
       where schemaname = current_schema() and tablename <> 'migration'`,
    )
    for (const { name, stage } of rows) if (stage) await client.query(`drop table ${name}`)
    const {
      rows: [place],
    } = await client.query<{ schema: string }>('select current_schema() as schema')
    if (place !== undefined) await client.query(`drop schema if exists ${jobsSchema(place.schema)} cascade`)
    await client.query(
      `truncate ${rows
        .filter(({ stage }) => !stage)
        .map(({ name }) => name)
        .join(', ')} restart identity cascade`,
    )
  })
}
