import type { Pool } from 'pg'
import type { PlannedKind, Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'

/** Why a Plan keeps its hands off a Record. */
export type KeepNote = 'already-in-place' | 'theirs' | 'nothing-to-do' | 'later-run'

/** One line of a Run's Plan. */
export interface NewOperation {
  readonly key: Key
  readonly kind: PlannedKind
  readonly reason: Reason
  /** Ids of what is put on or taken off. */
  readonly members: readonly string[]
  readonly note: KeepNote | null
  /** What the Record asks for, in names joined by the Stage's separator, where that differs by Record. */
  readonly wants: string | null
  /** How many lines of this Plan concern this Record. */
  readonly parts: number
  /** When what is in doubt was sent. */
  readonly doubt: Period | null
  /** Of what it takes off, what the thing certainly carried before, where the Target's answer does not tell; null where it does. */
  readonly held: readonly string[] | null
}

export interface PlannedOperation extends Omit<NewOperation, 'wants' | 'parts' | 'held'> {
  /** Counts from 1, in the order of the keys. */
  readonly ordinal: number
}

/** In most Plans most columns say the same for all: such a one goes once, beside an empty array, which `unnest` fills up with nulls. */
function column<T>(values: readonly (T | null)[]): [array: readonly (T | null)[], same: T | null] {
  const first = values[0] ?? null
  return values.every((value) => value === first) ? [[], first] : [values, null]
}

export async function insertOperations(pool: Pool, runId: number, firstOrdinal: number, operations: readonly NewOperation[]): Promise<void> {
  if (operations.length === 0) return
  const columns = [
    column(operations.map((o) => o.kind)), column(operations.map((o) => o.reason)), column(operations.map((o) => o.members.join(','))),
    column(operations.map((o) => o.note)), column(operations.map((o) => o.wants)), column(operations.map((o) => o.parts)),
    column(operations.map((o) => o.doubt?.from ?? null)), column(operations.map((o) => o.doubt?.to ?? null)),
    column(operations.map((o) => o.held?.join(',') ?? null)),
  ]
  await pool.query({
    name: 'insert-operations',
    text: `insert into operation (run_id, ordinal, key, kind, reason, members, note, wants, parts, doubt_from, doubt_to, held)
           select $1, $2::bigint + o.n - 1, o.key, coalesce(o.kind, $13), coalesce(o.reason, $14), string_to_array(coalesce(o.members, $15), ','),
             coalesce(o.note, $16), md5(lower(coalesce(o.wants, $17)))::uuid, coalesce(o.parts, $18), coalesce(o.doubt_from, $19),
             coalesce(o.doubt_to, $20), string_to_array(coalesce(o.held, $21), ',')
           from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::smallint[], $10::float8[], $11::float8[], $12::text[])
             with ordinality as o (key, kind, reason, members, note, wants, parts, doubt_from, doubt_to, held, n)`,
    values: [runId, firstOrdinal, operations.map((o) => o.key), ...columns.map(([array]) => array), ...columns.map(([, same]) => same)],
  })
}

/** Which part of a Plan to read. */
export interface PlanPart {
  /** Lines of the whole Plan: the last ordinal. */
  readonly lines: number
  /** Only lines after this one; default all. */
  readonly after?: number
  readonly pageSize: number
  /** Only lines of these kinds; default all. */
  readonly kinds?: readonly PlannedKind[]
}

/**
 * Streams the Plan in pages; the next is under way while one is worked on. Ordinals have no gaps, so a page is a range of them,
 * which costs the same wherever it lies and whatever the planner believes about a table that was just filled.
 */
export async function* readOperations(pool: Pool, runId: number, part: PlanPart): AsyncIterable<readonly PlannedOperation[]> {
  let next: Promise<readonly PlannedOperation[]> | undefined
  for (let after = part.after ?? 0; after < part.lines; after += part.pageSize) {
    const page: readonly PlannedOperation[] = await (next ?? readPage(pool, runId, after, part))
    next = after + part.pageSize < part.lines ? readPage(pool, runId, after + part.pageSize, part) : undefined
    // Whoever leaves before asking for that page needs no error of it; whoever asks still gets it.
    next?.catch(() => undefined)
    if (page.length > 0) yield page
  }
}

async function readPage(pool: Pool, runId: number, after: number, { lines, pageSize, kinds }: PlanPart): Promise<readonly PlannedOperation[]> {
  const { rows } = await pool.query<Omit<PlannedOperation, 'doubt'> & { doubt_from: number | null; doubt_to: number | null }>({
    name: 'read-operations',
    text: `select ordinal::float8 as ordinal, key, kind, reason, members, note, doubt_from, doubt_to from operation
           where run_id = $1 and ordinal > $2 and ordinal <= $3 and ($4::text[] is null or kind = any($4)) order by ordinal`,
    values: [runId, after, Math.min(after + pageSize, lines), kinds ?? null],
  })
  return rows.map(({ doubt_from: from, doubt_to: to, ...line }) => ({ ...line, doubt: from === null || to === null ? null : { from, to } }))
}

/** A member was created: from now on the Plan names it by its id. */
export async function nameMember(pool: Pool, runId: number, pending: string, id: string): Promise<void> {
  await pool.query('update operation set members = array_replace(members, $2, $3) where run_id = $1 and $2 = any(members)', [runId, pending, id])
}

/** Records by what is asked for them, in the whole Plan. */
export async function countPlan(pool: Pool, runId: number): Promise<{ adds: number; removes: number; keeps: number; writes: number }> {
  const { rows } = await pool.query<{ kind: PlannedKind; n: string }>('select kind, count(*) as n from operation where run_id = $1 group by kind', [runId])
  const of = (kind: PlannedKind) => Number(rows.find((row) => row.kind === kind)?.n ?? 0)
  return { adds: of('add'), removes: of('remove'), keeps: of('keep'), writes: of('add') + of('remove') }
}

export async function dropOperations(pool: Pool, runId: number): Promise<void> {
  await pool.query('delete from operation where run_id = $1', [runId])
}
