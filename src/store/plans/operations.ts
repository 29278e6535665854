import type { ClientBase, Pool, PoolClient } from 'pg'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { RejectionCode } from '../../model/outcome.ts'
import type { Period } from '../../model/period.ts'
import type { RecordRef } from '../../model/record.ts'
import { ordinalsAtWork } from '../snapshot/marks.ts'
import type { StagedRecords } from '../snapshot/staged-records.ts'
import { columnValues } from '../database/columns.ts'

/** Fingerprint of what a whole record desires, as the Snapshot stores it. */
export const desiredFingerprint = (desired: string) => `md5(${desired})::uuid`

/** Why a Plan skips a Record. */
export type SkipCode =
  | 'in-place'
  | 'external'
  | 'wanted-elsewhere'
  | 'nothing-to-do'
  | 'later-run'
  | 'confirmed'
  | 'state-unknown'
  | 'cannot-restore'

/** Lines with an Operation. */
export const writingKinds = ['attach', 'detach', 'create', 'update', 'upsert', 'delete', 'archive', 'restore'] as const

/** Until a new group has an id, Plan and Snapshot hold this name for it. */
export function pendingGroup(name: string): string {
  return `name:${encodeURIComponent(name.trim().toLowerCase())}`
}

/** One line of a Run's Plan. */
export interface NewOperation extends RecordRef {
  readonly kind: PlannedKind
  readonly reason: Reason
  readonly note: SkipCode | null
  /** What a whole record desires, as staged. */
  readonly desired: string | null
  /** Of a whole record: our create made the target record; of its removal: it was managed. Default: no. */
  readonly managed?: boolean
  /** Number of target records that this Record goes to, each with a line. Default: 1. */
  readonly parts?: number
  /** When the unconfirmed write was sent. */
  readonly sent: Period | null
  /**
   * Of a link to remove: it certainly existed, which matters if the Target's answer does not report it. Of a link to add:
   * it certainly did not exist; a link that may have existed never becomes managed. Default: it is certain.
   */
  readonly certain?: boolean
  readonly details?: OperationDetails
}

/** Details of Records with values to set, or identified by other identifiers than their own id. */
export interface OperationDetails {
  /** The target record's id. */
  readonly targetId: string | null
  /** All identifiers as JSON `[[field, value], …]`; null: the Key is the only one. */
  readonly identities: string | null
  /** The values to set, and these Fields' values before: JSON objects. */
  readonly asks: string | null
  readonly before: string | null
  readonly fingerprints: string | null
  /** Why it is rejected or waits. */
  readonly code: RejectionCode | 'may-exist' | 'job-at-work' | null
  readonly message: string | null
}

export const noDetails: OperationDetails = {
  targetId: null,
  identities: null,
  asks: null,
  before: null,
  fingerprints: null,
  code: null,
  message: null,
}

export interface PlannedOperation extends Omit<Required<NewOperation>, 'desired' | 'details'>, OperationDetails {
  /** Counts from 1, in key order. */
  readonly ordinal: number
  /** Fingerprint of what a whole record desires. */
  readonly desired: string | null
  /** Once delivered, the Snapshot no longer holds the Record as desired: it is undone. */
  readonly forgetsWhenDone: boolean
}

export async function insertOperations(
  pool: Pool,
  runId: number,
  firstOrdinal: number,
  operations: readonly NewOperation[],
): Promise<void> {
  if (operations.length === 0) return
  const detail = (name: keyof OperationDetails) => columnValues(operations.map((o) => o.details?.[name] ?? null))
  const columns = [
    columnValues(operations.map((o) => o.kind)),
    columnValues(operations.map((o) => o.reason)),
    columnValues(operations.map((o) => o.group)),
    columnValues(operations.map((o) => o.note)),
    columnValues(operations.map((o) => o.desired)),
    columnValues(operations.map((o) => o.managed ?? false)),
    columnValues(operations.map((o) => o.parts ?? 1)),
    columnValues(operations.map((o) => o.sent?.from ?? null)),
    columnValues(operations.map((o) => o.sent?.to ?? null)),
    columnValues(operations.map((o) => o.certain ?? true)),
    detail('targetId'),
    detail('identities'),
    detail('asks'),
    detail('before'),
    detail('fingerprints'),
    detail('code'),
    detail('message'),
  ]
  await pool.query({
    name: 'insert-operations',
    text: `insert into operation (run_id, ordinal, key, kind, reason, group_id, note, desired, managed, parts, sent_from, sent_to, certain,
             target_id, identities, asks, before, fingerprints, code, message)
           select $1, $2::bigint + o.n - 1, o.key, coalesce(o.kind, $21), coalesce(o.reason, $22), coalesce(o.group_id, $23), coalesce(o.note, $24),
             ${desiredFingerprint('coalesce(o.desired, $25)')}, coalesce(o.managed, $26), coalesce(o.parts, $27), coalesce(o.sent_from, $28), coalesce(o.sent_to, $29), coalesce(o.certain, $30),
             coalesce(o.target_id, $31), coalesce(o.identities, $32), coalesce(o.asks, $33),
             coalesce(o.before, $34), coalesce(o.fingerprints, $35), coalesce(o.code, $36), coalesce(o.message, $37)
           from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[], $10::smallint[], $11::float8[], $12::float8[], $13::bool[],
             $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
             with ordinality as o (key, kind, reason, group_id, note, desired, managed, parts, sent_from, sent_to, certain, target_id, identities, asks, before, fingerprints, code, message, n)`,
    values: [
      runId,
      firstOrdinal,
      operations.map((o) => o.key),
      ...columns.map(([array]) => array),
      ...columns.map(([, same]) => same),
    ],
  })
}

/**
 * The Plan of a first Run if no target record is in a group yet: every staged link is added. `staged`: each Key once
 * (src/store/snapshot/staged-records.ts). Returns the number of lines and of Keys.
 */
export async function insertAllNew(
  client: PoolClient,
  runId: number,
  { rows: { relation }, records }: StagedRecords,
): Promise<{ readonly lines: number; readonly keys: number }> {
  const { rowCount } = await client.query(
    `insert into operation (run_id, ordinal, key, kind, reason, group_id)
     select $1, row_number() over (order by key, group_id), key, 'attach', 'new', group_id from ${records} l where not aside`,
    [runId],
  )
  const {
    rows: [counted],
  } = await client.query<{ keys: number }>(`select count(*)::float8 as keys from ${relation} s where not aside`)
  return { lines: rowCount ?? 0, keys: counted?.keys ?? 0 }
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
 * Streams the Plan in pages, and reads the next page while the caller processes one. Ordinals have no gaps, so a page
 * is a range of ordinals. It costs the same anywhere in the Plan, whatever statistics the planner has of the new table.
 */
export async function* readOperations(
  pool: Pool,
  runId: number,
  part: PlanPart,
): AsyncIterable<readonly PlannedOperation[]> {
  let next: Promise<readonly PlannedOperation[]> | undefined
  for (let after = part.after ?? 0; after < part.lines; after += part.pageSize) {
    const page: readonly PlannedOperation[] = await (next ?? readPage(pool, runId, after, part))
    next = after + part.pageSize < part.lines ? readPage(pool, runId, after + part.pageSize, part) : undefined
    // A caller that stops early does not see this page's error; a caller that continues still gets it.
    next?.catch(() => undefined)
    if (page.length > 0) yield page
  }
}

export interface PlannedRow extends Omit<PlannedOperation, 'sent'> {
  readonly sent_from: number | null
  readonly sent_to: number | null
}

export const plannedColumns = `ordinal::float8 as ordinal, key, group_id as "group", kind, reason, note, managed, parts, sent_from, sent_to, certain, desired, forgets_when_done as "forgetsWhenDone",
  target_id as "targetId", identities, asks, before, fingerprints, code, message`

async function readPage(
  pool: Pool,
  runId: number,
  after: number,
  { lines, pageSize, kinds }: PlanPart,
): Promise<readonly PlannedOperation[]> {
  const { rows } = await pool.query<PlannedRow>({
    name: 'read-operations',
    text: `select ${plannedColumns} from operation
           where run_id = $1 and ordinal > $2 and ordinal <= $3 and ($4::text[] is null or kind = any($4)) order by ordinal`,
    values: [runId, after, Math.min(after + pageSize, lines), kinds ?? null],
  })
  return rows.map(asPlanned)
}

export function asPlanned({ sent_from: from, sent_to: to, ...line }: PlannedRow): PlannedOperation {
  return { ...line, sent: from === null || to === null ? null : { from, to } }
}

/** These lines of a Plan, in their order. */
export async function readLines(
  pool: Pool,
  runId: number,
  ordinals: readonly number[],
): Promise<readonly PlannedOperation[]> {
  const { rows } = await pool.query<PlannedRow>(
    `select ${plannedColumns} from operation where run_id = $1 and ordinal = any($2::bigint[]) order by ordinal`,
    [runId, ordinals],
  )
  return rows.map(asPlanned)
}

/** Placeholders in the Plan for groups that it adds and that do not exist yet. */
export async function namesToCreate(pool: Pool, runId: number): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct group_id as name from operation where run_id = $1 and kind = 'attach' and starts_with(group_id, 'name:')`,
    [runId],
  )
  return new Set(rows.map(({ name }) => name))
}

/** After a group was created: replaces its placeholder in the Plan by its id. */
export async function nameCreatedGroup(pool: Pool, runId: number, pending: string, id: string): Promise<void> {
  await pool.query('update operation set group_id = $3 where run_id = $1 and group_id = $2', [runId, pending, id])
}

export interface DuplicateTargetsRequest {
  readonly runId: number
  readonly activationId: number
  /** SQL relation of the sealed Stage's rows. */
  readonly stage: string
  /** Number of lines of the Plan. */
  readonly lines: number
}

const manyLines = 500

/**
 * If several Records identify the same target record (of links: with the same group), we cannot know which one is right.
 * None of them is delivered, nor another one while a whole record of the query holds that target record, delivered now
 * or not. What was removed from the query and another Record of this query still identifies is left as it is, and checked
 * again in each Run. Returns the number of rejected Records.
 */
export async function rejectDuplicateTargets(
  pool: Pool,
  { runId, activationId, stage, lines }: DuplicateTargetsRequest,
): Promise<number> {
  if (lines === 0) return 0
  // Without statistics the planner expects a line or two, and would scan all lines again for each of them.
  if (lines >= manyLines) await pool.query('analyze operation')
  const { rowCount } = await pool.query(
    `with leaving as (
       select ordinal, key, target_id, group_id from operation where run_id = $1 and reason = 'left' and target_id is not null and kind <> 'skip'
     ), staying as (
       select target_id, group_id, null as key from operation where run_id = $1 and reason <> 'left' and target_id in (select target_id from leaving)
       union all
       select n.target_id, n.group_id, n.key from snapshot n where n.group_id = '' and n.activation_id = $2 and n.target_id in (select target_id from leaving) and exists (select from ${stage} s where s.key = n.key)
         and not exists (select from operation p where p.run_id = $1 and p.key = n.key)
     ), kept as (
       update operation o set kind = 'skip', note = 'wanted-elsewhere' from leaving l
       where o.run_id = $1 and o.ordinal = l.ordinal
         and exists (select from staying s where s.target_id = l.target_id and s.group_id = l.group_id and s.key is distinct from l.key)
     ), t as materialized (select target_id, group_id, string_agg(distinct '"' || key || '"', ', ') as keys from (
         select target_id, group_id, key from operation where run_id = $1 and target_id is not null and reason <> 'left'
         union all
         select n.target_id, n.group_id, n.key from snapshot n join ${stage} s on s.key = n.key
         where n.activation_id = $2 and n.fingerprints is not null and n.target_id in (select target_id from operation where run_id = $1 and reason <> 'left')
           and not exists (select from operation p where p.run_id = $1 and p.key = n.key)
       ) named group by target_id, group_id having count(distinct key) > 1)
     update operation o set kind = 'reject', code = 'ambiguous', note = null,
       message = 'Several records of the query name the same target record (id ' || o.target_id || '): ' || t.keys || '. Only one may.'
     from t where o.run_id = $1 and o.target_id = t.target_id and o.group_id = t.group_id and o.reason <> 'left'`,
    [runId, activationId],
  )
  return rowCount ?? 0
}

/** Deletes the lines of a Run's Plan, except those that a job of the Target may still work on. */
export async function dropOperations(pool: Pool | ClientBase, runId: number): Promise<void> {
  await pool.query(`delete from operation where run_id = $1 and ordinal not in (${ordinalsAtWork('$1')})`, [runId])
}
