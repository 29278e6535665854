import type { ClientBase, Pool } from 'pg'
import type { Entry, EntryChange, EntryState, LedgerLine } from '../../model/entry.ts'
import type { Key } from '../../model/record.ts'
import type { Period } from '../../model/period.ts'
import { columnValues } from '../database/columns.ts'
import { lastAddition, leaseLost, type RunLease } from './marks.ts'
import { textArray } from '../database/text-array.ts'

const milliseconds = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`
/** Exact to the microsecond, which a number of seconds would not be. */
const moment = (ms: string) => `timestamptz 'epoch' + ${ms} * interval '1 millisecond'`

interface EntryRow {
  readonly at: number
  readonly key: Key | null
  readonly state: EntryState
  readonly present: boolean
  readonly returned: boolean
  readonly desired: string | null
  readonly desiredGroups: readonly string[] | null
  readonly managed: readonly string[]
  readonly tries: number
  readonly retry_at: number | null
  readonly run_id: number
  readonly sent_from: number | null
  readonly sent_to: number | null
  readonly target_id: string | null
  readonly fingerprints: string | null
}

/** The Entries of these Records, as far as they have one, and the time by the database's clock. */
export async function readEntries(pool: Pool | ClientBase, activationId: number, keys: readonly Key[]): Promise<{ readonly at: number; readonly entries: ReadonlyMap<Key, Entry> }> {
  const { rows } = await pool.query<EntryRow>({
    name: 'read-entries',
    text: `select ${milliseconds('now()')} as at, n.key, n.state, n.present, n.returned, n.desired, n.desired_groups as "desiredGroups", n.managed, n.tries, ${milliseconds('n.retry_at')} as retry_at, n.run_id::float8 as run_id,
             ${milliseconds('n.sent_from')} as sent_from, ${milliseconds('n.sent_to')} as sent_to, n.target_id, n.fingerprints
           from (select) one left join snapshot n on n.activation_id = $1 and n.key = any($2::text[])`,
    values: [activationId, keys],
  })
  const entries = new Map<Key, Entry>()
  for (const { key, retry_at: retryAt, run_id: runId, sent_from: from, sent_to: to, target_id: targetId, state, present, returned, desired, desiredGroups, managed, tries, fingerprints } of rows) {
    if (key !== null) entries.set(key, { state, present, returned, desired, desiredGroups, managed, tries, retryAt, runId, sent: from === null || to === null ? null : { from, to }, targetId, fingerprints })
  }
  return { at: rows[0]?.at ?? 0, entries }
}

/** What the Ledger knows of a Record. */
export interface RecordHistory {
  readonly done: number
  readonly isRejectedInPart: boolean
  readonly adopted: readonly string[]
  readonly archivedByUs: boolean
  readonly lastAddition: Period | null
}

/**
 * What the Ledger knows of these Records with respect to a Run (src/rules/settlement/settle.ts). `records`: the id of
 * the target record by Key.
 */
export async function readHistories(pool: Pool | ClientBase, activationId: number, runId: number, records: ReadonlyMap<Key, string | null>): Promise<ReadonlyMap<Key, RecordHistory>> {
  const { rows } = await pool.query<Omit<RecordHistory, 'lastAddition'> & { key: Key; since: number | null; until: number | null }>({
    name: 'read-histories',
    text: `select settled.key, here.done, here.rejected as "isRejectedInPart", here.adopted, coalesce(archived.managed, false) as "archivedByUs",
             ${milliseconds('added.managed_since')} as since, ${milliseconds('added.managed_until')} as until
           from unnest($3::text[], $4::text[]) as settled (key, target_id)
           cross join lateral (
             select count(*) filter (where l.status in ('delivered', 'in-place'))::int as done, coalesce(bool_or(l.kind = 'reject'), false) as rejected,
               coalesce((select array_agg(m.id) from ledger k cross join unnest(k.groups) as m (id)
                 where k.run_id = $1 and k.activation_id = $2 and k.key = settled.key and k.kind = 'skip' and k.code = 'in-place'), '{}') as adopted
             from ledger l where l.activation_id = $2 and l.key = settled.key and l.run_id = $1) here
           left join lateral (
             select l.kind = 'archive' and (l.reason = 'left' or l.groups @> '{created}') as managed from ledger l
             where l.activation_id = $2 and l.key = settled.key and l.target_id = settled.target_id and l.run_id < $1 and l.status in ('delivered', 'in-place', 'unconfirmed')
             order by l.run_id desc, l.ordinal desc limit 1) archived on true
           left join lateral (${lastAddition('$2', 'settled.key')}) added on true`,
    values: [runId, activationId, [...records.keys()], [...records.values()]],
  })
  return new Map(rows.map(({ key, since, until, ...rest }) => [key, { ...rest, lastAddition: since === null || until === null ? null : { from: since, to: until } }]))
}

export interface Settlement {
  readonly lines: readonly LedgerLine[]
  readonly changes: readonly EntryChange[]
  /** First ordinals of the batches that are settled with it. */
  readonly batches?: readonly number[]
}

/** Writes a settlement: Ledger and Snapshot together, in one statement, and only while the lease is valid. */
export async function writeSettlement(pool: Pool, { runId, attempt, activationId }: RunLease, { lines, changes, batches = [] }: Settlement): Promise<void> {
  const { rows } = await pool.query<{ lease: string }>({
    name: 'write-settlement', text: settlementText, values: [runId, attempt, activationId, batches, ...changeValues(changes), ...lineValues(lines)],
  })
  if (rows[0]?.lease !== '1') throw leaseLost()
}

/**
 * Within a transaction: ensures until its end that the lease is valid. Returns the Run's start and the current time, in
 * unix milliseconds by the database's clock.
 */
export async function requireLease(client: ClientBase, { runId, attempt }: RunLease): Promise<{ readonly startedAt: number; readonly at: number }> {
  const { rows: [run] } = await client.query<{ startedAt: number; at: number }>(
    `select ${milliseconds('started_at')} as "startedAt", ${milliseconds('now()')} as at from run where id = $1 and attempt = $2 and finished_at is null for share`, [runId, attempt])
  if (run === undefined) throw leaseLost()
  return run
}

/**
 * Writes Entries within the caller's transaction. The caller ensures that no other process writes this Activation's
 * Entries.
 */
export async function writeEntries(client: ClientBase, activationId: number, changes: readonly EntryChange[]): Promise<void> {
  await client.query({ name: 'write-entries', text: entriesText, values: [activationId, ...changeValues(changes)] })
}

type Column = readonly [name: string, type: string]

const entryColumns: readonly Column[] = [
  ['state', 'text'], ['present', 'bool'], ['returned', 'bool'], ['desired', 'uuid'], ['desired_groups', 'text'], ['managed', 'text'], ['tries', 'int'], ['retry_at', 'float8'],
  ['run_id', 'bigint'], ['sent_from', 'float8'], ['sent_to', 'float8'], ['target_id', 'text'], ['fingerprints', 'text'],
]
const lineColumns: readonly Column[] = [
  ['kind', 'text'], ['reason', 'text'], ['status', 'text'], ['code', 'text'], ['message', 'text'], ['field', 'text'], ['http_status', 'int'], ['request_id', 'text'],
  ['target_id', 'text'], ['groups', 'text'], ['asked', 'text'], ['since', 'float8'], ['before', 'text'], ['after', 'text'],
]
const lists: ReadonlySet<string> = new Set(['groups', 'asked', 'desired_groups', 'managed'])
const moments: ReadonlySet<string> = new Set(['since', 'retry_at', 'sent_from', 'sent_to'])

/**
 * Keys to delete, keys to write, then an array per column, and one value per column that all rows share
 * (src/store/database/columns.ts).
 */
function changeValues(changes: readonly EntryChange[]): unknown[] {
  // In index order, which makes inserting many rows faster.
  const entries = changes.flatMap(({ key, entry }) => entry === null ? [] : [{ key, ...entry }]).sort((a, b) => a.key < b.key ? -1 : 1)
  const columns = [
    columnValues(entries.map((e) => e.state)), columnValues(entries.map((e) => e.present)), columnValues(entries.map((e) => e.returned)), columnValues(entries.map((e) => e.desired)),
    columnValues(entries.map((e) => e.desiredGroups && textArray(e.desiredGroups))), columnValues(entries.map((e) => textArray(e.managed))), columnValues(entries.map((e) => e.tries)),
    columnValues(entries.map((e) => e.retryAt)), columnValues(entries.map((e) => e.runId)), columnValues(entries.map((e) => e.sent?.from ?? null)),
    columnValues(entries.map((e) => e.sent?.to ?? null)), columnValues(entries.map((e) => e.targetId)), columnValues(entries.map((e) => e.fingerprints)),
  ]
  const gone = changes.flatMap(({ key, entry }) => entry === null ? [key] : [])
  return [gone, entries.map((e) => e.key), ...columns.map(([array]) => array), ...columns.map(([, same]) => same)]
}

function lineValues(lines: readonly LedgerLine[]): unknown[] {
  const columns = [
    columnValues(lines.map((l) => l.kind)), columnValues(lines.map((l) => l.reason)), columnValues(lines.map((l) => l.status)), columnValues(lines.map((l) => l.code)), columnValues(lines.map((l) => l.message)),
    columnValues(lines.map((l) => l.field)), columnValues(lines.map((l) => l.httpStatus)), columnValues(lines.map((l) => l.requestId)), columnValues(lines.map((l) => l.targetId)),
    columnValues(lines.map((l) => textArray(l.groups))), columnValues(lines.map((l) => l.asked && textArray(l.asked))), columnValues(lines.map((l) => l.since)),
    columnValues(lines.map((l) => l.before)), columnValues(lines.map((l) => l.after)),
  ]
  return [lines.map((l) => l.ordinal), lines.map((l) => l.key), ...columns.map(([array]) => array), ...columns.map(([, same]) => same)]
}

const names = (columns: readonly Column[]) => columns.map(([name]) => name).join(', ')

/** The arrays of columns for `unnest`, as parameters starting at `first`. */
const arrays = (columns: readonly Column[], first: number) => columns.map(([, type], at) => `$${first + at}::${type}[]`).join(', ')

/**
 * The values of columns `o`: from the array, or else the value that all rows share, as parameters starting at `first`.
 */
function values(columns: readonly Column[], first: number): string {
  return columns.map(([name, type], at) => {
    const value = `coalesce(o.${name}, $${first + at}::${type})`
    if (lists.has(name)) return `${value}::text[]`
    return moments.has(name) ? moment(value) : value
  }).join(', ')
}

/**
 * Parameters starting at `first`: the keys to write, and their columns. `from`: further sources for a row, with a
 * comma.
 */
const insertEntries = (activation: string, first: number, from: string) => `insert into snapshot (activation_id, key, ${names(entryColumns)})
    select ${activation}, o.key, ${values(entryColumns, first + 1 + entryColumns.length)}
    from ${from} unnest($${first}::text[], ${arrays(entryColumns, first + 1)}) as o (key, ${names(entryColumns)})
    on conflict (activation_id, key) do update set ${entryColumns.map(([name]) => `${name} = excluded.${name}`).join(', ')}`

const entriesText = `with forgotten as (delete from snapshot where activation_id = $1 and key = any($2::text[]))
  ${insertEntries('$1', 3, '')}`

const firstLine = 8 + 2 * entryColumns.length

const settlementText = `with lease as (
    select id from run where id = $1 and attempt = $2 and finished_at is null for share
  ), written as (
    insert into ledger (run_id, attempt, activation_id, ordinal, key, ${names(lineColumns)})
    select $1, $2, $3, o.ordinal, o.key, ${values(lineColumns, firstLine + 1 + lineColumns.length)}
    from lease, unnest($${firstLine - 1}::bigint[], $${firstLine}::text[], ${arrays(lineColumns, firstLine + 1)}) as o (ordinal, key, ${names(lineColumns)})
  ), forgotten as (
    delete from snapshot n using lease where n.activation_id = $3 and n.key = any($5::text[])
  ), believed as (
    ${insertEntries('$3', 6, 'lease,')}
  ), done as (
    update batch set settled_at = now() from lease where run_id = $1 and first_ordinal = any($4::bigint[]) and attempt = $2
  )
  select count(*) as lease from lease`
