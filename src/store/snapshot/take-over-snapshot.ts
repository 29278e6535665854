import type { Pool, PoolClient } from 'pg'
import type { Key } from '../../model/record.ts'
import { lastAddition } from './marks.ts'
import { inTransaction } from '../database/transaction.ts'

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
  /** The old Activation's Keys are what its calls named things by; else it knows things by their own ids. */
  readonly byKey: boolean
}

/** What a staged Record names: the thing's own id, and how the old Activation's identifier calls it. */
export interface TakenOverRecord {
  /** Null where it is not known. */
  readonly id: string | null
  readonly name: string
}

const pageSize = 1500

/**
 * Takes over what another Activation's Snapshot says of the things that staged Records name: all of it or nothing. `targetRecordsOf` says which
 * things these are. What the old Snapshot knows of other things stays there. Returns how many Records have a past now.
 */
export async function takeOverSnapshot(
  pool: Pool, { from, to, stage, byKey }: Adoption, targetRecordsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, TakenOverRecord>>,
): Promise<number> {
  return await inTransaction(pool, async (client) => {
    await client.query('delete from snapshot where activation_id = $1', [to])
    await client.query('create temp table adopted (key text collate "C", target_id text, name text collate "C") on commit drop')
    await nameTargetRecords(client, stage, targetRecordsOf)
    const { rowCount } = await client.query(
      `insert into snapshot (activation_id, key, state, present, tries, retry_at, run_id, managed, desired, desired_groups, sent_from, sent_to, target_id, fingerprints, managed_from, managed_to)
       select distinct on (a.key) $2, a.key, o.state, true, o.tries, o.retry_at, o.run_id, o.managed, o.desired, o.desired_groups, o.sent_from, o.sent_to, coalesce(a.target_id, o.target_id), o.fingerprints,
         coalesce(o.managed_from, added.managed_since, over.since), coalesce(o.managed_to, added.managed_until, over.until)
       from adopted a join snapshot o on o.activation_id = $1 and case when $3 then o.key = a.name else o.target_id = a.target_id end
       left join lateral (${lastAddition('$1', 'o.key')}) added on true
       left join lateral (select timestamptz 'epoch' as since, max(l.at) as until from ledger l
         where l.activation_id = $1 and l.key = o.key and l.kind = 'skip' and l.code = 'in-place' and l.groups <> '{}' having count(*) > 0) over on true
       where o.state <> 'rejected' order by a.key, o.key`, [from, to, byKey])
    return rowCount ?? 0
  })
}

async function nameTargetRecords(client: PoolClient, stage: string, targetRecordsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, TakenOverRecord>>): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await client.query<StagedRecord>(`select key, identities from ${stage} where not aside and key > $1 order by key limit $2`, [after, pageSize])
    const last = rows[rows.length - 1]
    if (last === undefined) return
    const targetRecords = await targetRecordsOf(rows)
    await client.query('insert into adopted select * from unnest($1::text[], $2::text[], $3::text[])',
      [[...targetRecords.keys()], [...targetRecords.values()].map(({ id }) => id), [...targetRecords.values()].map(({ name }) => name)])
    after = last.key
  }
}

/** From now on the old Activation does not run: its memory is another's. */
export async function handOver(pool: Pool, from: number, to: number): Promise<void> {
  await pool.query('update activation set taken_over_by = $2 where id = $1', [from, to])
}

/** Forgets what was taken over only to look at it. */
export async function forgetSnapshot(pool: Pool, activationId: number): Promise<void> {
  await pool.query('delete from snapshot where activation_id = $1', [activationId])
}


export async function hasSnapshot(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}
