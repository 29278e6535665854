import type { Pool } from 'pg'
import type { SimulatedRecords } from '../simulated/simulated-records.ts'

/** Moves everything that an Activation and the Target remember into the past. `interval`: a PostgreSQL interval. */
export async function letTimePass(
  pool: Pool,
  activation: string,
  target: SimulatedRecords,
  interval: string,
): Promise<void> {
  const { rows } = await pool.query<{ id: string; seconds: number }>(
    'select id, extract(epoch from $2::interval)::float8 as seconds from activation where name = $1',
    [activation, interval],
  )
  const [row] = rows
  if (row === undefined) return
  const earlier = (...columns: string[]) => columns.map((column) => `${column} = ${column} - $2::interval`).join(', ')
  for (const statement of [
    `update snapshot set ${earlier('sent_from', 'sent_to', 'retry_at')} where activation_id = $1`,
    `update run set ${earlier('started_at', 'finished_at')} where activation_id = $1`,
    `update ledger set ${earlier('at', 'since')} where activation_id = $1`,
    `update batch set ${earlier('marked_at', 'settled_at')} where run_id in (select id from run where activation_id = $1)`,
  ])
    await pool.query(statement, [row.id, interval])
  for (const targetRecord of target.targetRecords) targetRecord.createdAt -= row.seconds
}
