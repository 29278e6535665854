import type { Pool, PoolClient } from 'pg'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { RejectionCode } from '../../model/outcome.ts'
import type { Period } from '../../model/period.ts'
import type { Key } from '../../model/record.ts'
import { columnValues } from '../database/columns.ts'
import { textArray } from '../database/text-array.ts'

/** Fingerprint of what a Record desires, as the Snapshot stores it. */
export const desiredFingerprint = (desired: string, folds: boolean) => folds ? `md5(lower(${desired}))::uuid` : `md5(${desired})::uuid`

/** Why a Plan skips a Record. */
export type SkipCode = 'in-place' | 'external' | 'wanted-elsewhere' | 'nothing-to-do' | 'later-run' | 'confirmed' | 'untold' | 'for-good'

/** Lines with an Operation. */
export const writingKinds = ['attach', 'detach', 'create', 'update', 'upsert', 'delete', 'archive', 'restore'] as const

/** One line of a Run's Plan. */
export interface NewOperation {
  readonly key: Key
  readonly kind: PlannedKind
  readonly reason: Reason
  /** Ids of the groups to add or remove. */
  readonly groups: readonly string[]
  readonly note: SkipCode | null
  /** The names that the Record desires, as a JSON array, if they differ by Record. */
  readonly desired: string | null
  /** Number of lines of this Plan that concern this Record. */
  readonly parts: number
  /** When the unconfirmed write was sent. */
  readonly sent: Period | null
  /**
   * For a removal: groups that the target record certainly had, if the Target's answer does not report them. For an
   * addition: groups that it certainly did not have; groups that it may have had never become managed. Null: all of
   * them are certain.
   */
  readonly certain: readonly string[] | null
  /**
   * Ids of all groups that the Record desires, if they differ by Record; null: those that the Activation itself names.
   */
  readonly desiredGroups?: readonly string[] | null
  /** Some managed groups stay because others still desire them: a later Run checks again. */
  readonly keepsForOthers?: boolean
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
  readonly code: RejectionCode | 'may-exist' | null
  readonly message: string | null
}

export const noDetails: OperationDetails = { targetId: null, identities: null, asks: null, before: null, fingerprints: null, code: null, message: null }

export interface PlannedOperation extends Omit<NewOperation, 'desired' | 'desiredGroups' | 'keepsForOthers' | 'details'>, OperationDetails {
  /** Counts from 1, in key order. */
  readonly ordinal: number
  /** Fingerprint of what the Record desires, if that differs by Record. */
  readonly desired: string | null
  readonly desiredGroups: readonly string[] | null
  readonly keepsForOthers: boolean
  /** Once delivered, the Snapshot no longer holds the Record as desired: it is undone. */
  readonly forgetsWhenDone: boolean
}

/** `foldsDesired`: as in `compareStage`. */
export async function insertOperations(pool: Pool, runId: number, firstOrdinal: number, operations: readonly NewOperation[], foldsDesired: boolean): Promise<void> {
  if (operations.length === 0) return
  const detail = (name: keyof OperationDetails) => columnValues(operations.map((o) => o.details?.[name] ?? null))
  const columns = [
    columnValues(operations.map((o) => o.kind)), columnValues(operations.map((o) => o.reason)), columnValues(operations.map((o) => textArray(o.groups))),
    columnValues(operations.map((o) => o.note)), columnValues(operations.map((o) => o.desired)), columnValues(operations.map((o) => o.parts)),
    columnValues(operations.map((o) => o.sent?.from ?? null)), columnValues(operations.map((o) => o.sent?.to ?? null)),
    columnValues(operations.map((o) => o.certain === null ? null : textArray(o.certain))),
    columnValues(operations.map((o) => o.desiredGroups ? textArray(o.desiredGroups) : null)), columnValues(operations.map((o) => o.keepsForOthers ?? false)),
    detail('targetId'), detail('identities'), detail('asks'), detail('before'), detail('fingerprints'), detail('code'), detail('message'),
  ]
  await pool.query({
    name: `insert-operations-${foldsDesired}`,
    text: `insert into operation (run_id, ordinal, key, kind, reason, groups, note, desired, parts, sent_from, sent_to, certain,
             desired_groups, keeps_for_others, target_id, identities, asks, before, fingerprints, code, message)
           select $1, $2::bigint + o.n - 1, o.key, coalesce(o.kind, $22), coalesce(o.reason, $23), coalesce(o.groups, $24)::text[], coalesce(o.note, $25),
             ${desiredFingerprint('coalesce(o.desired, $26)', foldsDesired)}, coalesce(o.parts, $27), coalesce(o.sent_from, $28), coalesce(o.sent_to, $29), coalesce(o.certain, $30)::text[],
             coalesce(o.desired_groups, $31)::text[], coalesce(o.keeps_for_others, $32), coalesce(o.target_id, $33), coalesce(o.identities, $34), coalesce(o.asks, $35),
             coalesce(o.before, $36), coalesce(o.fingerprints, $37), coalesce(o.code, $38), coalesce(o.message, $39)
           from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::smallint[], $10::float8[], $11::float8[], $12::text[],
             $13::text[], $14::bool[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[])
             with ordinality as o (key, kind, reason, groups, note, desired, parts, sent_from, sent_to, certain, desired_groups, keeps_for_others, target_id, identities, asks, before, fingerprints, code, message, n)`,
    values: [runId, firstOrdinal, operations.map((o) => o.key), ...columns.map(([array]) => array), ...columns.map(([, same]) => same)],
  })
}

/**
 * The Plan of a first Run if no target record is in a group yet: every staged Record gets the groups. Returns the
 * number of lines.
 */
export async function insertAllNew(client: PoolClient, runId: number, stage: string, groups: readonly string[]): Promise<number> {
  const { rowCount } = await client.query(
    `insert into operation (run_id, ordinal, key, kind, reason, groups)
     select $1, row_number() over (order by key), key, 'attach', 'new', $2::text[] from ${stage} where not aside`, [runId, groups])
  return rowCount ?? 0
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
export async function* readOperations(pool: Pool, runId: number, part: PlanPart): AsyncIterable<readonly PlannedOperation[]> {
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

export const plannedColumns = `ordinal::float8 as ordinal, key, kind, reason, groups, note, parts, sent_from, sent_to, certain, desired, desired_groups as "desiredGroups", keeps_for_others as "keepsForOthers", forgets_when_done as "forgetsWhenDone",
  target_id as "targetId", identities, asks, before, fingerprints, code, message`

async function readPage(pool: Pool, runId: number, after: number, { lines, pageSize, kinds }: PlanPart): Promise<readonly PlannedOperation[]> {
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
export async function readLines(pool: Pool, runId: number, ordinals: readonly number[]): Promise<readonly PlannedOperation[]> {
  const { rows } = await pool.query<PlannedRow>(`select ${plannedColumns} from operation where run_id = $1 and ordinal = any($2::bigint[]) order by ordinal`, [runId, ordinals])
  return rows.map(asPlanned)
}

/** Placeholders in the Plan for groups that it adds and that do not exist yet. */
export async function namesToCreate(pool: Pool, runId: number): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct m.name from operation o cross join unnest(o.groups) as m (name) where o.run_id = $1 and o.kind = 'attach' and starts_with(m.name, 'name:')`, [runId])
  return new Set(rows.map(({ name }) => name))
}

/** After a group was created: replaces its placeholder in the Plan by its id. */
export async function nameCreatedGroup(pool: Pool, runId: number, pending: string, id: string): Promise<void> {
  await pool.query(
    `update operation set groups = array_replace(groups, $2, $3), desired_groups = array_replace(desired_groups, $2, $3), certain = array_replace(certain, $2, $3)
     where run_id = $1 and ($2 = any(groups) or $2 = any(desired_groups))`, [runId, pending, id])
}

export interface DuplicateTargetsRequest {
  readonly runId: number
  readonly activationId: number
  readonly stage: string
  readonly constant: readonly string[] | null
  /** Number of lines of the Plan. */
  readonly lines: number
}

const manyLines = 500

/**
 * A line `o` of a Record that has no claim on its target record: its row was removed from the query, or its row's identifiers find no target record
 * any more, and only links to the previous one are removed.
 */
const hasNoClaim = `(o.reason = 'left' or (o.parts > 1 and o.kind in ('detach', 'skip') and exists (
    select from operation r where r.run_id = o.run_id and r.ordinal > o.ordinal and r.ordinal < o.ordinal + o.parts and r.key = o.key and r.kind = 'reject' and r.target_id is null)))`

/**
 * If several Records identify the same target record, we cannot know which one is right. None of them is delivered, nor
 * another one while a Record of the query (its sealed Stage) holds that target record, delivered now or not. A removed
 * row whose target record another Record still identifies is left as it is, and checked again in each Run; for links
 * this concerns only groups that the other Record desires (`constant`: those that the Activation itself names; null for
 * whole records). Returns the number of rejected Records.
 */
export async function rejectDuplicateTargets(pool: Pool, { runId, activationId, stage, constant, lines }: DuplicateTargetsRequest): Promise<number> {
  // Without statistics the planner expects a line or two, and would scan all lines again for each of them.
  if (lines >= manyLines) await pool.query('analyze operation')
  await pool.query(
    `with leaving as (
       select ordinal, key, target_id, groups from operation o where run_id = $1 and ${hasNoClaim} and target_id is not null and kind <> 'skip'
     ), other as (
       select target_id, null as key, desired_groups from operation o where run_id = $1 and not ${hasNoClaim} and target_id in (select target_id from leaving)
       union all
       select target_id, key, desired_groups from snapshot where $3::text[] is null and activation_id = $2 and present and target_id in (select target_id from leaving)
     ), elsewhere as (
       select l.ordinal, array_agg(distinct m.id) filter (where m.id is not null) as desired_groups
       from leaving l join other o on o.target_id = l.target_id and o.key is distinct from l.key
         left join lateral unnest(coalesce(o.desired_groups, $3)) as m (id) on true group by l.ordinal
     )
     update operation o set kind = case when left_over = '{}' then 'skip' else o.kind end, note = case when left_over = '{}' then 'wanted-elsewhere' end, keeps_for_others = true,
       groups = case when left_over = '{}' then o.groups else left_over end
     from (
       select l.ordinal, case when $3::text[] is null then '{}' else array(select unnest(l.groups) except select unnest(coalesce(w.desired_groups, '{}')) order by 1) end as left_over
       from leaving l join elsewhere w on w.ordinal = l.ordinal where $3::text[] is null or w.desired_groups && l.groups
     ) t where o.run_id = $1 and o.ordinal = t.ordinal`, [runId, activationId, constant])
  const { rowCount } = await pool.query(
    `with t as materialized (select target_id, string_agg(distinct '"' || key || '"', ', ') as keys from (
         select target_id, key from operation o where run_id = $1 and target_id is not null and not ${hasNoClaim}
         union all
         select n.target_id, n.key from snapshot n join ${stage} s on s.key = n.key
         where n.activation_id = $2 and n.fingerprints is not null and n.target_id in (select target_id from operation o where run_id = $1 and not ${hasNoClaim})
           and not exists (select from operation p where p.run_id = $1 and p.key = n.key)
       ) named group by target_id having count(distinct key) > 1)
     update operation o set kind = 'reject', code = 'ambiguous', note = null, groups = '{}',
       message = 'Several records of the query name the same thing (id ' || o.target_id || '): ' || t.keys || '. Only one may.'
     from t where o.run_id = $1 and o.target_id = t.target_id and not ${hasNoClaim}`, [runId, activationId])
  return rowCount ?? 0
}

export async function dropOperations(pool: Pool, runId: number): Promise<void> {
  await pool.query('delete from operation where run_id = $1', [runId])
}
