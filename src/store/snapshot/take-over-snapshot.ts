import type { Pool, PoolClient } from 'pg'
import type { Key } from '../../model/record.ts'
import { forgetSnapshot, insertTakenOver } from './write-snapshot.ts'
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
  /** SQL relation of the sealed Stage's rows. */
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
    await forgetSnapshot(client, to)
    await client.query(
      'create temp table adopted (key text collate "C", target_id text, name text collate "C") on commit drop',
    )
    await nameTargetRecords(client, stage, targetRecordsOf)
    return await insertTakenOver(client, { from, to, byKey })
  })
}

async function nameTargetRecords(
  client: PoolClient,
  stage: string,
  targetRecordsOf: (records: readonly StagedRecord[]) => Promise<ReadonlyMap<Key, TakenOverRecord>>,
): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await client.query<StagedRecord>(
      `select key, identities from ${stage} s where not aside and key > $1 order by key limit $2`,
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

export async function hasSnapshot(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}
