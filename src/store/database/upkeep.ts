import type { Pool } from 'pg'

/** With fewer rows the server's own autovacuum is enough. */
const many = 50_000

/**
 * After a Run that wrote many rows: updates statistics and removes dead rows. The embedded server often stops with the
 * Run, before its autovacuum starts; without statistics the next comparison would read the whole Snapshot through its
 * index.
 */
export async function upkeep(pool: Pool, written: number): Promise<void> {
  if (written < many) return
  await pool.query('vacuum (analyze) operation, snapshot, ledger')
}
