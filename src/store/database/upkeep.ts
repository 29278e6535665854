import type { Pool } from 'pg'

/** Fewer rows than this are left to the server's own autovacuum. */
const many = 50_000

/**
 * After a Run that wrote much: fresh statistics, and no dead rows. The embedded server often stops with the Run, before its
 * autovacuum comes by; without statistics the next comparison would read the whole Snapshot through its index.
 */
export async function upkeep(pool: Pool, written: number): Promise<void> {
  if (written < many) return
  await pool.query('vacuum (analyze) operation, snapshot, ledger')
}
