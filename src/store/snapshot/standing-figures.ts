import type { Pool } from 'pg'
import type { RecordRef } from '../../model/record.ts'
import type { DriftEntry } from './drift.ts'

export interface OwnershipFigures {
  readonly managed: number
  readonly external: number
  readonly total: number
}

/** How many synced Records are managed and how many external: as saved by the last Run, else counted. */
export async function countOwnership(pool: Pool, activationId: number): Promise<OwnershipFigures> {
  const {
    rows: [stored],
  } = await pool.query<{ managed: number | null; total: number }>(
    'select managed::float8 as managed, synced::float8 as total from run where activation_id = $1 and synced is not null order by id desc limit 1',
    [activationId],
  )
  const { managed, total } =
    stored !== undefined && stored.managed !== null
      ? { ...stored, managed: stored.managed }
      : await countEach(pool, activationId)
  return { managed, external: total - managed, total }
}

async function countEach(pool: Pool, activationId: number): Promise<Pick<OwnershipFigures, 'managed' | 'total'>> {
  const {
    rows: [row],
  } = await pool.query<{ managed: number; total: number }>(
    `select count(distinct key) filter (where managed <> 'no')::float8 as managed, count(distinct key)::float8 as total from snapshot where activation_id = $1 and state = 'synced'`,
    [activationId],
  )
  return row ?? { managed: 0, total: 0 }
}

export interface LastVerification {
  readonly at: Date
  readonly confirmed: number
  readonly pending: number
  readonly missing: number
}

/** The last time that all synced Records were read back. */
export async function lastVerification(pool: Pool, activationId: number): Promise<LastVerification | undefined> {
  const { rows } = await pool.query<LastVerification>(
    `select at, confirmed::float8 as confirmed, pending::float8 as pending, missing::float8 as missing from verification
     where activation_id = $1 and run_id is null order by id desc limit 1`,
    [activationId],
  )
  return rows[0]
}

/** What other parties changed, in the order of Keys and groups. */
export async function pageDrift(
  pool: Pool,
  activationId: number,
  after: RecordRef,
  limit: number,
): Promise<Pick<DriftEntry, 'key' | 'group' | 'what' | 'fields' | 'seenAt' | 'due'>[]> {
  const { rows } = await pool.query<Pick<DriftEntry, 'key' | 'group' | 'what' | 'fields' | 'seenAt' | 'due'>>(
    `select d.key, d.group_id as "group", d.what, d.fields, d.seen_at as "seenAt", n.state = 'unconfirmed' as due
     from drift d join snapshot n on n.activation_id = d.activation_id and n.key = d.key and n.group_id = d.group_id and n.run_id = d.run_id and n.present
     where d.activation_id = $1 and (d.key, d.group_id) > ($2, $3) order by d.key, d.group_id limit $4`,
    [activationId, after.key, after.group, limit],
  )
  return rows
}
