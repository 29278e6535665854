import type { Pool } from 'pg'
import type { Change } from '../../model/change.ts'
import type { OperationKind } from '../../model/operation.ts'
import { unknownClockMs } from '../../model/period.ts'
import type { SkipCode } from '../plans/operations.ts'
import { byTargetsClock } from '../snapshot/marks.ts'
import type { RecordRef } from '../../model/record.ts'

interface ChangeRow extends Omit<Change, 'wrote'> {
  readonly ordinal: number
  readonly wrote_from: number
  readonly wrote_to: number
}

/** SQL: a line of the Ledger that really added or removed a link. */
const changedIt = (line: string) => `(${line}.managed or ${line}.effect = 'removed')`

/** The last later change of the same link by the same Activation, also under another Key of its target record. */
const laterChange = `left join lateral (
    select max(k.run_id)::int as run from ledger k
    where k.activation_id = $1 and (k.key = l.key or k.target_id = l.target_id) and k.group_id = l.group_id and k.run_id > $2 and ${changedIt('k')}
  ) later on true`

/** What a Run really changed, from its Ledger, page by page. */
export async function* readChanges(
  pool: Pool,
  activationId: number,
  runId: number,
  pageSize: number,
): AsyncIterable<readonly Change[]> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<ChangeRow>(
      `select l.ordinal::float8 as ordinal, l.key, l.group_id as "group", l.kind, l.target_id as "targetId", later.run as "laterRun",
         extract(epoch from ${byTargetsClock('coalesce(l.since, r.started_at)', '-')})::float8 * 1000 as wrote_from,
         extract(epoch from ${byTargetsClock('l.at', '+')})::float8 * 1000 as wrote_to
       from ledger l join run r on r.id = l.run_id ${laterChange}
       where l.activation_id = $1 and l.run_id = $2 and l.kind in ('attach', 'detach') and ${changedIt('l')} and l.ordinal > $3 order by l.ordinal limit $4`,
      [activationId, runId, after, pageSize],
    )
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
    `select 0 as ordinal, l.key, l.group_id as "group", 'attach' as kind, l.target_id as "targetId", later.run as "laterRun",
       extract(epoch from l.sent_from)::float8 * 1000 - ${unknownClockMs} as wrote_from, extract(epoch from l.sent_to)::float8 * 1000 + ${unknownClockMs} as wrote_to
     from snapshot l ${laterChange}
     where l.activation_id = $1 and l.run_id = $2 and l.group_id <> '' and l.managed = 'yes' and l.state = 'unconfirmed' and l.sent_from is not null
       and (select k.kind from ledger k where k.activation_id = $1 and k.key = l.key and k.group_id = l.group_id and ${changedIt('k')} order by k.run_id desc, k.ordinal desc limit 1)
         is distinct from 'attach'
       and not exists (select from ledger k where k.activation_id = $1 and k.key = l.key and k.group_id = l.group_id and k.kind = 'skip' and k.code = 'in-place')
     order by l.key, l.group_id`,
    [activationId, runId],
  )
  return rows.map(asChange)
}

function asChange({ key, group, kind, targetId, laterRun, wrote_from: from, wrote_to: to }: ChangeRow): Change {
  return { key, group, kind, targetId, laterRun, wrote: { from, to } }
}

/** Links that a Run added or removed although it is unknown whether they existed before. */
export async function countStateUnknown(pool: Pool, runId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from ledger where run_id = $1 and kind in ('attach', 'detach') and status = 'delivered' and not managed and effect is distinct from 'removed'`,
    [runId],
  )
  return rows[0]?.n ?? 0
}

/** Marks this Run as the undo of that one. */
export async function markAsUndo(pool: Pool, planRow: number, undoes: number): Promise<void> {
  await pool.query(
    `update run set undoes = $2, purpose = case purpose when 'run' then 'undo' else purpose end where id = $1`,
    [planRow, undoes],
  )
}

export interface InverseOperation extends RecordRef {
  readonly kind: OperationKind | 'skip'
  /** Of a whole record: the undone Run created it. */
  readonly managed?: boolean
  readonly note: SkipCode | null
  /** Once delivered, the Snapshot no longer holds it as desired. */
  readonly forgetsWhenDone: boolean
  /** The target record's id, if calls need it. */
  readonly targetId: string | null
  /** The values to set, and the values before: JSON objects. */
  readonly asks?: string | null
  readonly before?: string | null
}

export async function insertInverse(
  pool: Pool,
  runId: number,
  firstOrdinal: number,
  operations: readonly InverseOperation[],
): Promise<void> {
  await pool.query(
    `insert into operation (run_id, ordinal, key, group_id, kind, reason, managed, note, forgets_when_done, target_id, asks, before)
     select $1, $2::bigint + o.n - 1, o.key, o.group_id, o.kind, 'undo', o.managed, o.note, o.forgets_when_done, o.target_id, o.asks, o.before
     from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::boolean[], $9::text[], $10::text[], $11::text[])
       with ordinality as o (key, group_id, kind, managed, note, forgets_when_done, target_id, asks, before, n)`,
    [
      runId,
      firstOrdinal,
      operations.map((o) => o.key),
      operations.map((o) => o.group),
      operations.map((o) => o.kind),
      operations.map((o) => o.managed ?? false),
      operations.map((o) => o.note),
      operations.map((o) => o.forgetsWhenDone),
      operations.map((o) => o.targetId),
      operations.map((o) => o.asks ?? null),
      operations.map((o) => o.before ?? null),
    ],
  )
}

/** The Plan of an undo in figures: Records by Operation, and by the reason for a skip. */
export async function countInverse(
  pool: Pool,
  runId: number,
): Promise<{ readonly kind: OperationKind | 'skip'; readonly note: SkipCode | null; readonly records: number }[]> {
  const { rows } = await pool.query<{ kind: OperationKind | 'skip'; note: SkipCode | null; records: number }>(
    'select kind, note, (case when min(group_id) <> max(group_id) then count(distinct key) else count(*) end)::int as records from operation where run_id = $1 group by kind, note order by kind, note',
    [runId],
  )
  return rows
}
