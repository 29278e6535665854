import type { Pool, PoolClient } from 'pg'
import type { Key } from '../../model/record.ts'
import { lastAddition } from './marks.ts'
import { inTransaction } from '../database/transaction.ts'

/** A staged Record whose target record is to be found. */
export interface StagedRecord {
  readonly key: Key
  /** All its identifiers, as JSON; null: its Key is the only one. */
  readonly identities: string | null
}

export interface Adoption {
  readonly from: number
  readonly to: number
  readonly stage: string
  /** Calls of the old Activation identified target records by its Keys; otherwise it knows their own ids. */
  readonly byKey: boolean
}

/** The target record of a staged Record: its own id, and its name in the old Activation's identifier. */
export interface TakenOverRecord {
  /** Null: unknown. */
  readonly id: string | null
  readonly name: string
}

const pageSize = 1500

/**
 * Takes over what another Activation's Snapshot knows of the target records that staged Records identify: all of it or
 * nothing. `targetRecordsOf` returns these target records. Entries of other target records stay in the old Snapshot.
 * Returns how many Records have a history now.
 */
export async function takeOverSnapshot(
  pool: Pool,
  { from, to, stage, byKey }: Adoption,
  targetRecordsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, TakenOverRecord>>,
): Promise<number> {
  return await inTransaction(pool, async (client) => {
    await client.query('delete from snapshot where activation_id = $1', [to])
    await client.query(
      'create temp table adopted (key text collate "C", target_id text, name text collate "C") on commit drop',
    )
    await nameTargetRecords(client, stage, targetRecordsOf)
    const { rowCount } = await client.query(
      `insert into snapshot (activation_id, key, group_id, state, present, tries, retry_at, run_id, managed, desired, sent_from, sent_to, target_id, fingerprints, managed_from, managed_to)
       select distinct on (a.key, o.group_id) $2, a.key, o.group_id, o.state, true, o.tries, o.retry_at, o.run_id, o.managed, o.desired, o.sent_from, o.sent_to, coalesce(a.target_id, o.target_id), o.fingerprints,
         coalesce(o.managed_from, added.managed_since, over.since), coalesce(o.managed_to, added.managed_until, over.until)
       from adopted a join snapshot o on o.activation_id = $1 and case when $3 then o.key = a.name else o.target_id = a.target_id end
       left join lateral (${lastAddition('$1', 'o')}) added on true
       left join lateral (select timestamptz 'epoch' as since, max(l.at) as until from ledger l
         where l.activation_id = $1 and l.key = o.key and l.group_id = o.group_id and l.kind = 'skip' and l.code = 'in-place' and l.managed having count(*) > 0) over on true
       where o.state <> 'rejected' order by a.key, o.group_id, o.key`,
      [from, to, byKey],
    )
    return rowCount ?? 0
  })
}

async function nameTargetRecords(
  client: PoolClient,
  stage: string,
  targetRecordsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, TakenOverRecord>>,
): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await client.query<StagedRecord>(
      `select key, identities from ${stage} where not aside and key > $1 order by key limit $2`,
      [after, pageSize],
    )
    const last = rows[rows.length - 1]
    if (last === undefined) return
    const targetRecords = await targetRecordsOf(rows)
    await client.query('insert into adopted select * from unnest($1::text[], $2::text[], $3::text[])', [
      [...targetRecords.keys()],
      [...targetRecords.values()].map(({ id }) => id),
      [...targetRecords.values()].map(({ name }) => name),
    ])
    after = last.key
  }
}

/** From now on the old Activation does not run: another Activation has its state. */
export async function handOver(pool: Pool, from: number, to: number): Promise<void> {
  await pool.query('update activation set taken_over_by = $2 where id = $1', [from, to])
}

/** Deletes what was taken over only for a preview. */
export async function forgetSnapshot(pool: Pool, activationId: number): Promise<void> {
  await pool.query('delete from snapshot where activation_id = $1', [activationId])
}

export async function hasSnapshot(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}
