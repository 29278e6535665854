import type { Pool } from 'pg'
import type { Key, RecordRef } from '../../model/record.ts'
import type { DriftKind } from '../../model/observed.ts'
import { textArray } from '../database/text-array.ts'

export interface NewDrift extends RecordRef {
  /** The Run whose result was changed. */
  readonly runId: number
  readonly what: DriftKind
  /** Names of the Fields that changed. */
  readonly fields: readonly string[]
  readonly managed: boolean
}

/** A Record that another party changed since we wrote it, and that was not settled since. */
export interface DriftEntry extends NewDrift {
  /** When a read first found it. */
  readonly seenAt: Date
  /** When we last saw it as desired; null: the Ledger no longer has that line. */
  readonly writtenAt: Date | null
  /** The next Run reads it again and repairs it. */
  readonly due: boolean
}

/** The link's group by name, or the Fields that changed. */
export function driftDetails(
  { group, fields }: Pick<DriftEntry, 'group' | 'fields'>,
  nameOf: (group: string) => string,
): readonly string[] {
  return group === '' ? fields : [nameOf(group)]
}

/** Saves the drift that was found, and deletes that of the repaired Records. */
export async function saveDrift(
  pool: Pool,
  activationId: number,
  found: readonly NewDrift[],
  repaired: readonly RecordRef[],
): Promise<void> {
  if (repaired.length > 0) {
    await pool.query(
      'delete from drift where activation_id = $1 and (key, group_id) in (select * from unnest($2::text[], $3::text[]))',
      [activationId, repaired.map(({ key }) => key), repaired.map(({ group }) => group)],
    )
  }
  if (found.length === 0) return
  await pool.query(
    `insert into drift as d (activation_id, key, group_id, run_id, what, fields, managed)
     select $1, o.key, o.group_id, o.run_id, o.what, o.fields::text[], o.managed
     from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bool[]) as o (key, group_id, run_id, what, fields, managed)
     on conflict (activation_id, key, group_id) do update set run_id = excluded.run_id, what = excluded.what, fields = excluded.fields, managed = excluded.managed,
       seen_at = case when d.run_id = excluded.run_id then d.seen_at else excluded.seen_at end`,
    [
      activationId,
      found.map(({ key }) => key),
      found.map(({ group }) => group),
      found.map(({ runId }) => runId),
      found.map(({ what }) => what),
      found.map(({ fields }) => textArray(fields)),
      found.map(({ managed }) => managed),
    ],
  )
}

/** Deletes drift of Records that were settled since. */
export async function forgetOldDrift(pool: Pool, activationId: number): Promise<void> {
  await pool.query(
    'delete from drift d where activation_id = $1 and not exists (select from snapshot n where n.activation_id = $1 and n.key = d.key and n.group_id = d.group_id and n.run_id = d.run_id)',
    [activationId],
  )
}

const columns = `d.key, d.group_id as "group", d.run_id::int as "runId", d.what, d.fields, d.managed, d.seen_at as "seenAt", n.state = 'unconfirmed' as due,
  (select max(l.at) from ledger l where l.activation_id = d.activation_id and l.key = d.key and l.group_id = d.group_id and l.run_id = d.run_id) as "writtenAt"`
const standing =
  'from drift d join snapshot n on n.activation_id = d.activation_id and n.key = d.key and n.group_id = d.group_id and n.run_id = d.run_id and n.present'

/** In the order of Keys and groups, page by page. */
export async function* readDrift(
  pool: Pool,
  activationId: number,
  pageSize: number,
): AsyncGenerator<readonly DriftEntry[]> {
  let after: RecordRef = { key: '', group: '' }
  for (;;) {
    const { rows } = await pool.query<DriftEntry>(
      `select ${columns} ${standing} where d.activation_id = $1 and (d.key, d.group_id) > ($2, $3) order by d.key, d.group_id limit $4`,
      [activationId, after.key, after.group, pageSize],
    )
    if (rows.length === 0) return
    yield rows
    after = rows[rows.length - 1] ?? after
  }
}

export async function readDriftOf(pool: Pool, activationId: number, key: Key): Promise<DriftEntry[]> {
  const { rows } = await pool.query<DriftEntry>(
    `select ${columns} ${standing} where d.activation_id = $1 and d.key = $2 order by d.group_id`,
    [activationId, key],
  )
  return rows
}

/** The latest names of the groups in this Activation's Runs, by id. */
export async function groupNames(pool: Pool, activationId: number): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    `select distinct on (m ->> 'id') m ->> 'id' as id, m ->> 'name' as name from run r, jsonb_array_elements(r.groups) m
     where r.activation_id = $1 and m ->> 'id' is not null order by m ->> 'id', r.id desc`,
    [activationId],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
