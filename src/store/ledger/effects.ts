import type { Pool } from 'pg'

/** What a Run did to whole target records, as confirmed by the Target. */
export interface Effects {
  readonly created: number
  readonly updated: number
  readonly archived: number
  readonly deleted: number
  readonly restored: number
}

/** Derived from the Ledger. An unconfirmed write that was confirmed later counts as what it was. */
export async function countEffects(pool: Pool, runId: number): Promise<Effects> {
  const { rows } = await pool.query<Effects>(
    `select count(*) filter (where kind = 'create' or (kind <> all('{delete,archive}') and managed))::int as created,
       count(*) filter (where kind in ('update', 'upsert') and not managed)::int as updated,
       count(*) filter (where kind = 'archive')::int as archived, count(*) filter (where kind = 'delete')::int as deleted,
       count(*) filter (where kind = 'restore')::int as restored
     from ledger where run_id = $1 and group_id = '' and status = 'delivered'`,
    [runId],
  )
  return rows[0] ?? { created: 0, updated: 0, archived: 0, deleted: 0, restored: 0 }
}
