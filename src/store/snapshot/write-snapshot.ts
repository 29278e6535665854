/**
 * All statements that write the Snapshot. What the Target holds is written with a Run's lease or under the Activation's
 * lock. `makeFailuresDue`, `makeKeysDue` and deleting a preview need neither: they only bring forward a retry, or delete what no
 * Run uses.
 */
import type { ClientBase, Pool } from 'pg'
import type { EntryChange, LedgerLine } from '../../model/entry.ts'
import type { RejectionCode } from '../../model/outcome.ts'
import type { Key, RecordRef } from '../../model/record.ts'
import { lastAddition, leaseLost, requireLease, type RunLease } from './marks.ts'
import { arrays, changeValues, entryColumns, lineColumns, lineValues, names, values } from './settlement-columns.ts'
import { isAbsent, isGone, type StagedRecords } from './staged-records.ts'

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
 * The same for answers that this Run collected for a batch of an ended one. They are booked under the Run that marked the
 * batch (`booked`), within the caller's transaction and only while the lease of the collecting Run is valid.
 */
export async function writeCollected(
  client: ClientBase,
  lease: RunLease,
  booked: RunLease,
  { lines, changes, batches = [] }: Settlement,
): Promise<void> {
  await requireLease(client, lease)
  await client.query({
    name: 'write-collected',
    text: collectedText,
    values: [
      booked.runId,
      booked.attempt,
      booked.activationId,
      batches,
      ...changeValues(changes),
      ...lineValues(lines),
    ],
  })
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

/**
 * Saves in the Snapshot what the query asks for now. What a Key with an invalid row asks for is unknown: it stays as it
 * was. A link that came back stays a difference until it is settled, because this Run may be blocked or cut short.
 */
export async function savePresence(pool: Pool, lease: RunLease, staged: StagedRecords): Promise<void> {
  const { activationId, runId, attempt } = lease
  // Whoever takes this Run over deletes its Stage: without rows, everything would be gone.
  const holdsLease = 'exists (select from run where id = $2 and attempt = $3 and finished_at is null)'
  await pool.query(
    `update snapshot n set present = false where n.activation_id = $1 and n.present and ${holdsLease} and ${isGone(staged, 'n.key', 'n.group_id')}`,
    [activationId, runId, attempt],
  )
  await pool.query(
    `update snapshot n set present = true, returned = $2 from ${staged.records} s where n.activation_id = $1 and not n.present and s.key = n.key and s.group_id = n.group_id`,
    [activationId, staged.areLinks],
  )
  // Rejected links to groups that do not exist, and that no row names any more.
  if (staged.rowsNameGroups)
    await pool.query(
      `delete from snapshot n where n.activation_id = $1 and ${isAbsent('n.group_id')} and ${holdsLease} and not exists (select from ${staged.records} s where s.key = n.key and s.group_id = n.group_id)`,
      [activationId, runId, attempt],
    )
}

/** Makes rejected Records due at once, for the given reasons or for any. Returns how many. */
export async function makeFailuresDue(
  pool: Pool,
  activationId: number,
  codes: readonly RejectionCode[] | undefined,
): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `with due as (update snapshot n set retry_at = now() where n.activation_id = $1 and n.state = 'rejected' and n.present
       and ($2::text[] is null or exists (
         select from ledger l where l.activation_id = $1 and l.key = n.key and l.group_id = n.group_id and l.run_id = n.run_id and l.status = 'rejected' and l.code = any($2))) returning n.key)
     select count(distinct key)::int as n from due`,
    [activationId, codes ?? null],
  )
  return rows[0]?.n ?? 0
}

/** Makes these Records due at once if the Target rejected them. Returns how many. */
export async function makeKeysDue(pool: Pool, activationId: number, keys: readonly Key[]): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `with due as (update snapshot set retry_at = now() where activation_id = $1 and state = 'rejected' and present and key = any($2::text[]) returning key)
     select count(distinct key)::int as n from due`,
    [activationId, keys],
  )
  return rows[0]?.n ?? 0
}

/**
 * Makes drifted Records due: the next Run reads them, and repairs those that are not repaired yet. The caller holds the
 * Activation's lock.
 */
export async function makeDriftDue(pool: Pool, activationId: number, records: readonly RecordRef[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update snapshot set state = 'unconfirmed', sent_from = null, sent_to = null
     where activation_id = $1 and (key, group_id) in (select * from unnest($2::text[], $3::text[])) and state = 'synced'`,
    [activationId, records.map(({ key }) => key), records.map(({ group }) => group)],
  )
  return rowCount ?? 0
}

/** A group that had no id when Entries about it were written, by its placeholder (`pendingGroup`), and its id. */
export interface NamedGroup {
  readonly pending: string
  readonly id: string
}

/**
 * Replaces placeholders by the ids of groups that exist by now: in the Snapshot, and in the lines of the Ledger that
 * explain these Entries. An Entry of the group that has the id already wins. The caller holds the Activation's lock.
 */
export async function nameGroups(pool: Pool, activationId: number, groups: readonly NamedGroup[]): Promise<void> {
  if (groups.length === 0) return
  await pool.query({
    name: 'name-groups',
    text: `with pending as (
       delete from snapshot n using unnest($2::text[], $3::text[]) as g (pending, id)
       where n.activation_id = $1 and starts_with(n.group_id, 'name:') and n.group_id = g.pending returning n.*, g.id as named
     ), lines as (
       update ledger l set group_id = p.named from pending p where l.activation_id = $1 and l.key = p.key and l.group_id = p.group_id
     )
     insert into snapshot (activation_id, key, group_id, state, present, tries, retry_at, run_id, managed, sent_from, sent_to, target_id, managed_from, managed_to, returned)
     select distinct on (key, named) activation_id, key, named, state, present, tries, retry_at, run_id, managed, sent_from, sent_to, target_id, managed_from, managed_to, returned
     from pending order by key, named, run_id desc on conflict do nothing`,
    values: [activationId, groups.map(({ pending }) => pending), groups.map(({ id }) => id)],
  })
}

/**
 * When a row's first identifier becomes null, its Key changes, but its target record does not. The old Key's Entry does
 * not know what this Run writes there, so its fingerprints are invalidated: if the old Key returns, it is delivered as
 * new. An undo on a target record invalidates all other Entries of that target record, too.
 */
export async function forgetOtherNames(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query({
    name: 'forget-other-names',
    text: `update snapshot n set desired = null, fingerprints = null from operation o
     where n.activation_id = $2 and o.run_id = $1 and o.target_id = n.target_id and o.key <> n.key and n.group_id = '' and n.fingerprints is not null
       and ((o.reason = 'undo' and o.kind <> 'skip') or (not n.present and o.kind in ('update', 'upsert')))
       and exists (select from run where id = $1 and attempt = $3 and finished_at is null)`,
    values: [runId, activationId, attempt],
  })
}

/** Separates a Key from the id of its earlier target record. No identifier contains it. */
const formerly = '\u2063 (was '

/**
 * For Records whose identifier matches another target record now. A managed link of the old target record gets a Key of
 * its own, as if its row was removed from the query, so that it is removed like one, unless this Run removes it. Other links are forgotten. The
 * query's links start anew on the new target record.
 */
export async function partTargets(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query({
    name: 'part-targets',
    text: `with lease as (select id from run where id = $1 and attempt = $3 and finished_at is null for share
     ), moved as (
       select distinct n.key, n.group_id from lease, operation o join snapshot n on n.activation_id = $2 and n.key = o.key and n.group_id <> ''
       where o.run_id = $1 and o.kind in ('attach', 'detach', 'skip') and o.reason not in ('left', 'undo') and o.target_id is not null and n.target_id is not null and o.target_id <> n.target_id
         and not exists (select from operation l where l.run_id = $1 and l.key = n.key and l.group_id = n.group_id and l.reason = 'left')
     ), parted as (
       delete from snapshot n using moved m where n.activation_id = $2 and n.key = m.key and n.group_id = m.group_id returning n.*
     )
     insert into snapshot as s (activation_id, key, group_id, state, present, managed, run_id, target_id, managed_from, managed_to)
     select $2, n.key || $4 || n.target_id || ')', n.group_id, 'synced', false, n.managed, n.run_id, n.target_id, coalesce(n.managed_from, added.started), coalesce(n.managed_to, added.until)
     from parted n left join lateral (select min(coalesce(l.since, r.started_at)) as started, max(l.at) as until from ledger l join run r on r.id = l.run_id
       where l.activation_id = $2 and l.key = n.key and l.group_id = n.group_id and l.target_id = n.target_id and l.kind = 'attach' and l.managed) added on true
     where n.managed <> 'no'
     on conflict (activation_id, key, group_id) do update set managed = excluded.managed, managed_to = excluded.managed_to`,
    values: [runId, activationId, attempt, formerly],
  })
}

/**
 * Inserts what another Activation's Snapshot knows of the target records in the temporary table `adopted` (key,
 * target_id, name). `byKey`: they are known by the old Activation's Keys, otherwise by their own ids. Returns the number of
 * Entries.
 */
export async function insertTakenOver(
  client: ClientBase,
  { from, to, byKey }: { readonly from: number; readonly to: number; readonly byKey: boolean },
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into snapshot (activation_id, key, group_id, state, present, tries, retry_at, run_id, managed, desired, sent_from, sent_to, target_id, fingerprints, managed_from, managed_to)
     select distinct on (a.key, o.group_id) $2, a.key, o.group_id, o.state, true, o.tries, o.retry_at, o.run_id, o.managed, o.desired, o.sent_from, o.sent_to, coalesce(a.target_id, o.target_id), o.fingerprints,
       coalesce(o.managed_from, added.managed_since, over.since), coalesce(o.managed_to, added.managed_until, over.until)
     from adopted a join snapshot o on o.activation_id = $1 and case when $3 then o.key = a.name else o.target_id = a.target_id end
     left join lateral (${lastAddition('$1', 'o')}) added on true
     left join lateral (select timestamptz 'epoch' as since, max(l.at) as until from ledger l
       where l.activation_id = $1 and l.key = o.key and l.group_id = o.group_id and l.kind = 'skip' and l.code = 'in-place' and l.managed having count(*) > 0) over on true
     where o.state <> 'rejected' order by a.key, o.group_id, o.key`,
    [from, to, byKey],
  )
  return rowCount ?? 0
}

/** Deletes all Entries of an Activation. */
export async function forgetSnapshot(database: Pool | ClientBase, activationId: number): Promise<void> {
  await database.query('delete from snapshot where activation_id = $1', [activationId])
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

const settlementOf = (run: string): string => `with lease as (${run}), written as (
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
const settlementText = settlementOf(
  `select id from run where id = $1 and attempt = $2 and finished_at is null for share`,
)
const collectedText = settlementOf(`select id from run where id = $1 and finished_at is not null`)
