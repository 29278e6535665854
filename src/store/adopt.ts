import type { Pool, PoolClient } from 'pg'
import type { Key } from '../model/record.ts'
import { lastAddition } from './settle.ts'
import { inTransaction } from './transaction.ts'

/** A staged Record, to learn which thing it names. */
export interface StagedRecord {
  readonly key: Key
  /** All its identifiers, as JSON; null: its Key is the only one. */
  readonly identities: string | null
}

export interface Adoption {
  readonly from: number
  readonly to: number
  readonly stage: string
  /** The things that the old Activation's own Keys name are what they say: its identifier is the thing's own id. */
  readonly keysAreIds: boolean
}

const pageSize = 1500

/**
 * Takes over what another Activation's Snapshot says of the things that staged Records name: all of it or nothing. `thingsOf` says which
 * things these are. What the old Snapshot knows of other things stays there. Returns how many Records have a past now.
 */
export async function adoptSnapshot(
  pool: Pool, { from, to, stage, keysAreIds }: Adoption, thingsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, string>>,
): Promise<number> {
  return await inTransaction(pool, async (client) => {
    await client.query('delete from snapshot where activation_id = $1', [to])
    await client.query('create temp table adopted (key text collate "C", thing text) on commit drop')
    await nameThings(client, stage, thingsOf)
    const { rowCount } = await client.query(
      `insert into snapshot (activation_id, key, state, present, tries, retry_at, run_id, ours, wants, doubt_from, doubt_to, target_id, prints, ours_from, ours_to)
       select distinct on (a.key) $2, a.key, o.state, true, o.tries, o.retry_at, o.run_id, o.ours, o.wants, o.doubt_from, o.doubt_to, a.thing, o.prints,
         coalesce(o.ours_from, added.ours_since), coalesce(o.ours_to, added.ours_until)
       from adopted a join snapshot o on o.activation_id = $1 and case when $3 then o.key else o.target_id end = a.thing
       left join lateral (${lastAddition('$1', 'o.key')}) added on true
       where o.state <> 'refused' order by a.key, o.key`, [from, to, keysAreIds])
    return rowCount ?? 0
  })
}

async function nameThings(client: PoolClient, stage: string, thingsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, string>>): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await client.query<StagedRecord>(`select key, identities from ${stage} where not aside and key > $1 order by key limit $2`, [after, pageSize])
    const last = rows[rows.length - 1]
    if (last === undefined) return
    const things = await thingsOf(rows)
    await client.query('insert into adopted select * from unnest($1::text[], $2::text[])', [[...things.keys()], [...things.values()]])
    after = last.key
  }
}

/** From now on the old Activation does not run: its memory is another's. */
export async function handOver(pool: Pool, from: number, to: number): Promise<void> {
  await pool.query('update activation set adopted_by = $2 where id = $1', [from, to])
}

/** Forgets what was taken over only to look at it. */
export async function forgetSnapshot(pool: Pool, activationId: number): Promise<void> {
  await pool.query('delete from snapshot where activation_id = $1', [activationId])
}


export async function hasSnapshot(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}
