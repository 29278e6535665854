import type { ClientBase, Pool } from 'pg'
import type { Entry, EntryChange, EntryState, LedgerLine, Managed } from '../../model/entry.ts'
import { refName, type Key, type RecordRef } from '../../model/record.ts'
import type { Period } from '../../model/period.ts'
import { columnValues } from '../database/columns.ts'
import { lastAddition, leaseLost, type RunLease } from './marks.ts'

const milliseconds = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`
/** Exact to the microsecond, which a number of seconds would not be. */
const moment = (ms: string) => `timestamptz 'epoch' + ${ms} * interval '1 millisecond'`

interface EntryRow {
  readonly at: number
  readonly key: Key | null
  readonly group_id: string
  readonly state: EntryState
  readonly present: boolean
  readonly returned: boolean
  readonly desired: string | null
  readonly managed: Managed
  readonly tries: number
  readonly retry_at: number | null
  readonly run_id: number
  readonly sent_from: number | null
  readonly sent_to: number | null
  readonly target_id: string | null
  readonly fingerprints: string | null
}

/**
 * The Entries of these Records by `refName`, as far as they have one, and the time by the database's clock. Entries of
 * other groups of the same Keys may be among them.
 */
export async function readEntries(
  pool: Pool | ClientBase,
  activationId: number,
  records: readonly RecordRef[],
): Promise<{ readonly at: number; readonly entries: ReadonlyMap<string, Entry> }> {
  const groups = [...new Set(records.map(({ group }) => group))]
  const { rows } = await pool.query<EntryRow>({
    name: 'read-entries',
    text: `select ${milliseconds('now()')} as at, n.key, n.group_id, n.state, n.present, n.returned, n.desired, n.managed, n.tries, ${milliseconds('n.retry_at')} as retry_at, n.run_id::float8 as run_id,
             ${milliseconds('n.sent_from')} as sent_from, ${milliseconds('n.sent_to')} as sent_to, n.target_id, n.fingerprints
           from (select) one left join snapshot n on n.activation_id = $1 and n.key = any($2::text[]) and n.group_id = any($3::text[])`,
    values: [activationId, [...new Set(records.map(({ key }) => key))], groups],
  })
  const entries = new Map<string, Entry>()
  for (const {
    key,
    group_id: group,
    retry_at: retryAt,
    run_id: runId,
    sent_from: from,
    sent_to: to,
    target_id: targetId,
    state,
    present,
    returned,
    desired,
    managed,
    tries,
    fingerprints,
  } of rows) {
    if (key !== null)
      entries.set(refName({ key, group }), {
        state,
        present,
        returned,
        desired,
        managed,
        tries,
        retryAt,
        runId,
        sent: from === null || to === null ? null : { from, to },
        targetId,
        fingerprints,
      })
  }
  return { at: rows[0]?.at ?? 0, entries }
}

/** What the Ledger knows of a Record. */
export interface RecordHistory {
  readonly done: number
  readonly isRejectedInPart: boolean
  readonly archivedByUs: boolean
  readonly lastAddition: Period | null
}

/**
 * What the Ledger knows of these Records with respect to a Run (src/rules/settlement/settled-line.ts), by `refName`.
 */
export async function readHistories(
  pool: Pool | ClientBase,
  activationId: number,
  runId: number,
  records: readonly (RecordRef & { readonly targetId: string | null })[],
): Promise<ReadonlyMap<string, RecordHistory>> {
  const { rows } = await pool.query<
    Omit<RecordHistory, 'lastAddition'> & RecordRef & { since: number | null; until: number | null }
  >({
    name: 'read-histories',
    text: `select settled.key, settled.group_id as "group", here.done, here.rejected as "isRejectedInPart", coalesce(archived.managed, false) as "archivedByUs",
             ${milliseconds('added.managed_since')} as since, ${milliseconds('added.managed_until')} as until
           from unnest($3::text[], $4::text[], $5::text[]) as settled (key, group_id, target_id)
           cross join lateral (
             select count(*) filter (where l.status in ('delivered', 'in-place'))::int as done, coalesce(bool_or(l.kind = 'reject'), false) as rejected
             from ledger l where l.activation_id = $2 and l.key = settled.key and l.group_id = settled.group_id and l.run_id = $1) here
           left join lateral (
             select l.kind = 'archive' and (l.reason = 'left' or l.managed) as managed from ledger l
             where l.activation_id = $2 and l.key = settled.key and l.target_id = settled.target_id and l.run_id < $1 and l.status in ('delivered', 'in-place', 'unconfirmed')
             order by l.run_id desc, l.ordinal desc limit 1) archived on true
           left join lateral (${lastAddition('$2', 'settled')}) added on true`,
    values: [
      runId,
      activationId,
      records.map(({ key }) => key),
      records.map(({ group }) => group),
      records.map(({ targetId }) => targetId),
    ],
  })
  return new Map(
    rows.map(({ key, group, since, until, ...rest }) => [
      refName({ key, group }),
      { ...rest, lastAddition: since === null || until === null ? null : { from: since, to: until } },
    ]),
  )
}

export interface Settlement {
  readonly lines: readonly LedgerLine[]
  readonly changes: readonly EntryChange[]
  /** First ordinals of the batches that are settled with it. */
  readonly batches?: readonly number[]
}

/** Writes a settlement: Ledger and Snapshot together, in one statement, and only while the lease is valid. */
export async function writeSettlement(
  pool: Pool,
  { runId, attempt, activationId }: RunLease,
  { lines, changes, batches = [] }: Settlement,
): Promise<void> {
  const { rows } = await pool.query<{ lease: string }>({
    name: 'write-settlement',
    text: settlementText,
    values: [runId, attempt, activationId, batches, ...changeValues(changes), ...lineValues(lines)],
  })
  if (rows[0]?.lease !== '1') throw leaseLost()
}

/**
 * Within a transaction: ensures until its end that the lease is valid. Returns the Run's start and the current time, in
 * unix milliseconds by the database's clock.
 */
export async function requireLease(
  client: ClientBase,
  { runId, attempt }: RunLease,
): Promise<{ readonly startedAt: number; readonly at: number }> {
  const {
    rows: [run],
  } = await client.query<{ startedAt: number; at: number }>(
    `select ${milliseconds('started_at')} as "startedAt", ${milliseconds('now()')} as at from run where id = $1 and attempt = $2 and finished_at is null for share`,
    [runId, attempt],
  )
  if (run === undefined) throw leaseLost()
  return run
}

/**
 * Writes Entries within the caller's transaction. The caller ensures that no other process writes this Activation's
 * Entries.
 */
export async function writeEntries(
  client: ClientBase,
  activationId: number,
  changes: readonly EntryChange[],
): Promise<void> {
  await client.query({ name: 'write-entries', text: entriesText, values: [activationId, ...changeValues(changes)] })
}

type Column = readonly [name: string, type: string]

const entryColumns: readonly Column[] = [
  ['state', 'text'],
  ['present', 'bool'],
  ['returned', 'bool'],
  ['desired', 'uuid'],
  ['managed', 'text'],
  ['tries', 'int'],
  ['retry_at', 'float8'],
  ['run_id', 'bigint'],
  ['sent_from', 'float8'],
  ['sent_to', 'float8'],
  ['target_id', 'text'],
  ['fingerprints', 'text'],
]
const lineColumns: readonly Column[] = [
  ['kind', 'text'],
  ['reason', 'text'],
  ['status', 'text'],
  ['code', 'text'],
  ['message', 'text'],
  ['field', 'text'],
  ['http_status', 'int'],
  ['request_id', 'text'],
  ['target_id', 'text'],
  ['effect', 'text'],
  ['managed', 'bool'],
  ['since', 'float8'],
  ['before', 'text'],
  ['after', 'text'],
]
const moments: ReadonlySet<string> = new Set(['since', 'retry_at', 'sent_from', 'sent_to'])

/**
 * Keys and groups to delete, keys and groups to write, then an array per column, and one value per column that all rows share
 * (src/store/database/columns.ts).
 */
function changeValues(changes: readonly EntryChange[]): unknown[] {
  // In index order, which makes inserting many rows faster.
  const entries = changes
    .flatMap(({ key, group, entry }) => (entry === null ? [] : [{ key, group, ...entry }]))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const columns = [
    columnValues(entries.map((e) => e.state)),
    columnValues(entries.map((e) => e.present)),
    columnValues(entries.map((e) => e.returned)),
    columnValues(entries.map((e) => e.desired)),
    columnValues(entries.map((e) => e.managed)),
    columnValues(entries.map((e) => e.tries)),
    columnValues(entries.map((e) => e.retryAt)),
    columnValues(entries.map((e) => e.runId)),
    columnValues(entries.map((e) => e.sent?.from ?? null)),
    columnValues(entries.map((e) => e.sent?.to ?? null)),
    columnValues(entries.map((e) => e.targetId)),
    columnValues(entries.map((e) => e.fingerprints)),
  ]
  const gone = changes.filter(({ entry }) => entry === null)
  return [
    gone.map(({ key }) => key),
    gone.map(({ group }) => group),
    entries.map((e) => e.key),
    entries.map((e) => e.group),
    ...columns.map(([array]) => array),
    ...columns.map(([, same]) => same),
  ]
}

function lineValues(lines: readonly LedgerLine[]): unknown[] {
  const columns = [
    columnValues(lines.map((l) => l.kind)),
    columnValues(lines.map((l) => l.reason)),
    columnValues(lines.map((l) => l.status)),
    columnValues(lines.map((l) => l.code)),
    columnValues(lines.map((l) => l.message)),
    columnValues(lines.map((l) => l.field)),
    columnValues(lines.map((l) => l.httpStatus)),
    columnValues(lines.map((l) => l.requestId)),
    columnValues(lines.map((l) => l.targetId)),
    columnValues(lines.map((l) => l.effect)),
    columnValues(lines.map((l) => l.managed)),
    columnValues(lines.map((l) => l.since)),
    columnValues(lines.map((l) => l.before)),
    columnValues(lines.map((l) => l.after)),
  ]
  return [
    lines.map((l) => l.ordinal),
    lines.map((l) => l.key),
    lines.map((l) => l.group),
    ...columns.map(([array]) => array),
    ...columns.map(([, same]) => same),
  ]
}

const names = (columns: readonly Column[]) => columns.map(([name]) => name).join(', ')

/** The arrays of columns for `unnest`, as parameters starting at `first`. */
const arrays = (columns: readonly Column[], first: number) =>
  columns.map(([, type], at) => `$${first + at}::${type}[]`).join(', ')

/**
 * The values of columns `o`: from the array, or else the value that all rows share, as parameters starting at `first`.
 */
function values(columns: readonly Column[], first: number): string {
  return columns
    .map(([name, type], at) => {
      const value = `coalesce(o.${name}, $${first + at}::${type})`
      return moments.has(name) ? moment(value) : value
    })
    .join(', ')
}

/**
 * Parameters starting at `first`: the keys and groups to write, and their columns. `from`: further sources for a row,
 * with a comma.
 */
const insertEntries = (
  activation: string,
  first: number,
  from: string,
) => `insert into snapshot (activation_id, key, group_id, ${names(entryColumns)})
    select ${activation}, o.key, o.group_id, ${values(entryColumns, first + 2 + entryColumns.length)}
    from ${from} unnest($${first}::text[], $${first + 1}::text[], ${arrays(entryColumns, first + 2)}) as o (key, group_id, ${names(entryColumns)})
    on conflict (activation_id, key, group_id) do update set ${entryColumns.map(([name]) => `${name} = excluded.${name}`).join(', ')}`

const gone = (first: number) =>
  `(n.key, n.group_id) in (select * from unnest($${first}::text[], $${first + 1}::text[]))`

const entriesText = `with forgotten as (delete from snapshot n where n.activation_id = $1 and ${gone(2)})
  ${insertEntries('$1', 4, '')}`

const firstLine = 10 + 2 * entryColumns.length

const settlementText = `with lease as (
    select id from run where id = $1 and attempt = $2 and finished_at is null for share
  ), written as (
    insert into ledger (run_id, attempt, activation_id, ordinal, key, group_id, ${names(lineColumns)})
    select $1, $2, $3, o.ordinal, o.key, o.group_id, ${values(lineColumns, firstLine + 2 + lineColumns.length)}
    from lease, unnest($${firstLine - 1}::bigint[], $${firstLine}::text[], $${firstLine + 1}::text[], ${arrays(lineColumns, firstLine + 2)}) as o (ordinal, key, group_id, ${names(lineColumns)})
  ), forgotten as (
    delete from snapshot n using lease where n.activation_id = $3 and ${gone(5)}
  ), believed as (
    ${insertEntries('$3', 7, 'lease,')}
  ), done as (
    update batch set settled_at = now() from lease where run_id = $1 and first_ordinal = any($4::bigint[]) and attempt = $2
  )
  select count(*) as lease from lease`
