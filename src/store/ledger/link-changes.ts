import type { Pool } from 'pg'
import type { Change } from '../../model/change.ts'
import type { OperationKind } from '../../model/operation.ts'
import { unknownClockMs } from '../../model/period.ts'
import type { SkipCode } from '../plans/operations.ts'
import { byTargetsClock } from '../snapshot/marks.ts'
import { textArray } from '../database/text-array.ts'

interface ChangeRow extends Omit<Change, 'wrote'> {
  readonly ordinal: number
  readonly wrote_from: number
  readonly wrote_to: number
}

/** Later changes of the same groups of the same Record by the same Activation. */
const laterChanges = (groups: string) => `left join lateral (
    select array_agg(distinct m.id) as groups, max(k.run_id)::int as run from ledger k cross join unnest(k.groups) as m (id)
    where k.activation_id = $1 and k.key = l.key and k.run_id > $2 and m.id = any(${groups})
  ) later on true`

/** What a Run really changed, from its Ledger, page by page. */
export async function* readChanges(pool: Pool, activationId: number, runId: number, pageSize: number): AsyncIterable<readonly Change[]> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<ChangeRow>(
      `select l.ordinal::float8 as ordinal, l.key, l.kind, l.groups, l.target_id as "targetId", coalesce(later.groups, '{}') as later, later.run as "laterRun",
         extract(epoch from ${byTargetsClock('coalesce(l.since, r.started_at)', '-')})::float8 * 1000 as wrote_from,
         extract(epoch from ${byTargetsClock('l.at', '+')})::float8 * 1000 as wrote_to
       from ledger l join run r on r.id = l.run_id ${laterChanges('l.groups')}
       where l.activation_id = $1 and l.run_id = $2 and l.kind in ('attach', 'detach') and l.groups <> '{}' and l.ordinal > $3 order by l.ordinal limit $4`,
      [activationId, runId, after, pageSize])
    if (rows.length > 0) yield rows.map(asChange)
    const last = rows[rows.length - 1]
    if (last === undefined || rows.length < pageSize) break
    after = last.ordinal
  }
  const doubtful = await readDoubtful(pool, activationId, runId)
  for (let at = 0; at < doubtful.length; at += pageSize) yield doubtful.slice(at, at + pageSize)
}

/**
 * Additions of a Run that are still unconfirmed; a read decides. Only those that no answer ever confirmed, and nothing
 * adopted. Unconfirmed removals are left out: it is unknown whether there was anything to remove.
 */
async function readDoubtful(pool: Pool, activationId: number, runId: number): Promise<Change[]> {
  const { rows } = await pool.query<ChangeRow>(
    `select 0 as ordinal, l.key, 'attach' as kind, l.groups, l.target_id as "targetId", coalesce(later.groups, '{}') as later, later.run as "laterRun",
       extract(epoch from l.sent_from)::float8 * 1000 - ${unknownClockMs} as wrote_from, extract(epoch from l.sent_to)::float8 * 1000 + ${unknownClockMs} as wrote_to
     from (
       select n.key, n.target_id, n.sent_from, n.sent_to, array(
         select m.id from unnest(n.managed) as m (id)
         where (select k.kind from ledger k where k.activation_id = $1 and k.key = n.key and m.id = any(k.groups) order by k.run_id desc, k.ordinal desc limit 1)
           is distinct from 'attach') as groups
       from snapshot n
       where n.activation_id = $1 and n.run_id = $2 and n.state = 'unconfirmed' and n.sent_from is not null
         and not exists (select from ledger k where k.activation_id = $1 and k.key = n.key and k.kind = 'skip' and k.code = 'in-place')
     ) l ${laterChanges('l.groups')}
     where l.groups <> '{}' order by l.key`, [activationId, runId])
  return rows.map(asChange)
}

function asChange({ key, kind, groups, targetId, later, laterRun, wrote_from: from, wrote_to: to }: ChangeRow): Change {
  return { key, kind, groups, targetId, later, laterRun, wrote: { from, to } }
}

/** Whether an older version of Tailrace, which did not save what a Run really changed, worked on this Run. */
export async function changedUnknown(pool: Pool, runId: number): Promise<boolean> {
  const { rows } = await pool.query(`select from ledger where run_id = $1 and status = 'delivered' and groups is null limit 1`, [runId])
  return rows.length > 0
}

/** Records that a Run added to or removed from a group although it is unknown whether they were in it before. */
export async function countUntold(pool: Pool, runId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from ledger where run_id = $1 and kind in ('attach', 'detach') and status = 'delivered' and groups = '{}'`, [runId])
  return rows[0]?.n ?? 0
}

/** Marks this Run as the undo of that one. */
export async function markAsUndo(pool: Pool, planRow: number, undoes: number): Promise<void> {
  await pool.query(`update run set undoes = $2, purpose = case purpose when 'run' then 'undo' else purpose end where id = $1`, [planRow, undoes])
}

export interface InverseOperation {
  readonly key: string
  readonly kind: OperationKind | 'skip'
  readonly groups: readonly string[]
  readonly note: SkipCode | null
  /** Once delivered, the Snapshot no longer holds it as desired. */
  readonly forgetsWhenDone: boolean
  /** The target record's id, if calls need it. */
  readonly targetId: string | null
  /** The values to set, and the values before: JSON objects. */
  readonly asks?: string | null
  readonly before?: string | null
}

export async function insertInverse(pool: Pool, runId: number, firstOrdinal: number, operations: readonly InverseOperation[]): Promise<void> {
  await pool.query(
    `insert into operation (run_id, ordinal, key, kind, reason, groups, note, forgets_when_done, target_id, asks, before)
     select $1, $2::bigint + o.n - 1, o.key, o.kind, 'undo', o.groups::text[], o.note, o.forgets_when_done, o.target_id, o.asks, o.before
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[], $10::text[])
       with ordinality as o (key, kind, groups, note, forgets_when_done, target_id, asks, before, n)`,
    [runId, firstOrdinal, operations.map((o) => o.key), operations.map((o) => o.kind), operations.map((o) => textArray(o.groups)),
      operations.map((o) => o.note), operations.map((o) => o.forgetsWhenDone), operations.map((o) => o.targetId),
      operations.map((o) => o.asks ?? null), operations.map((o) => o.before ?? null)])
}

/** The Plan of an undo in figures: Records by Operation, and by the reason for a skip. */
export async function countInverse(pool: Pool, runId: number): Promise<{ readonly kind: OperationKind | 'skip'; readonly note: SkipCode | null; readonly records: number }[]> {
  const { rows } = await pool.query<{ kind: OperationKind | 'skip'; note: SkipCode | null; records: number }>(
    'select kind, note, count(*)::int as records from operation where run_id = $1 group by kind, note order by kind, note', [runId])
  return rows
}
