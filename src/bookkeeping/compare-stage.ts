import type { Pool, PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Managed } from '../model/entry.ts'
import type { Key, RecordRef } from '../model/record.ts'
import { inTransaction } from '../store/database/transaction.ts'
import { desiredFingerprint } from '../store/plans/operations.ts'
import { isGone, type StagedRecords } from '../store/snapshot/staged-records.ts'

export interface CompareRequest {
  readonly activationId: number
  readonly staged: StagedRecords
  /** Whether the behavior removes what left the query. */
  readonly removesWhatLeft: boolean
  /**
   * Records are links. A row that came back counts as new, because another activation may have removed its link
   * meanwhile.
   */
  readonly looksAtReturned: boolean
  /** Rows with one Key and different values: none counts, or the first. */
  readonly duplicates: 'refuse' | 'first'
  /** The Run that last left Records on hold, if any. */
  readonly onHoldSince: number | undefined
}

/** Number of Keys that differ, by reason: of a Key with several links, whether links are added (`new`) or removed (`left`), or both. `pending`: an earlier Run planned them but could not finish them. */
export interface DifferenceCount {
  readonly reason: Reason
  readonly pending: boolean
  readonly records: number
}

export interface CompareSteps {
  /** Called with the counts, before the first page. */
  readonly onCounted: (differences: readonly DifferenceCount[], compared: StageComparison) => Promise<void>
  /** Called with the differences in key order, page by page. */
  readonly onPage: (page: readonly StagedDifference[]) => Promise<void>
  readonly whenAllNew?: WhenAllNew | undefined
}

/** Stage against Snapshot for one Record, in terms of the query. */
export interface StagedDifference extends RecordRef {
  readonly reason: Reason
  /** The values of a whole record, as staged; null: it is a link, or the query no longer asks for it. */
  readonly desired: string | null
  /** All its identifiers, as JSON; null: its Key is the only one, or the query no longer asks for it. */
  readonly identities: string | null
  readonly managed: Managed
  /** The target record's id, if known. */
  readonly targetId: string | null
  /** Its fingerprints when it was last settled (src/rules/fingerprints.ts); null: never settled. */
  readonly fingerprints: string | null
  /** For an unconfirmed Record: when it was sent, in unix milliseconds. */
  readonly sent: Period | null
  /** The query returned a row with this Key. */
  readonly isInQuery: boolean
  /** The Snapshot knows the Key from earlier Runs that had its row. */
  readonly isKnown: boolean
}

export interface StageComparison {
  /** Rows whose identifier another row has, too: none of them becomes a Record. */
  readonly duplicateRows: number
  /** The first duplicate keys. */
  readonly duplicates: readonly { readonly key: Key; readonly rows: number }[]
  /** Rows equal to an earlier one, and rows after the first if the first counts. They are ignored. */
  readonly repeatedRows: number
  readonly laterRows: number
  /** The query asks for exactly what the Snapshot holds, and nothing is due. */
  readonly isQuiet: boolean
  /** Keys in the Stage, without duplicates. */
  readonly records: number
  /** Keys removed from the query: since the last Run, or earlier if their removal is still to be done. */
  readonly removed: number
}

/**
 * Called if the Snapshot is empty, so that every Record is new. Returns true if it did all the work; then no
 * differences are reported.
 */
export type WhenAllNew = (client: PoolClient) => Promise<boolean>

const shownDuplicates = 1000
/** From this size on, the database needs statistics of the Stage to plan well. */
const manyRecords = 500
const pageSize = 1500

/**
 * Compares the sealed Stage with the Snapshot in SQL, and reports the differences in the order of Keys and groups, page by page. Its only
 * lasting effect: duplicate rows are set aside or deleted in the Stage.
 */
export async function compareStage(
  pool: Pool,
  request: CompareRequest,
  { onCounted, onPage, whenAllNew }: CompareSteps,
): Promise<StageComparison> {
  return await inTransaction(pool, async (client) => {
    await client.query(`set local work_mem = '128MB'; set local jit = off`)
    const quiet = await nothingChanged(client, request)
    if (quiet !== undefined) return { ...noDuplicates, isQuiet: true, records: quiet, removed: 0 }
    const { staged } = request
    const doubled = await sortOutDuplicates(client, request)
    const records = await countKeys(client, staged)
    if (records >= manyRecords) await client.query(`analyze ${staged.table}`)
    const removed = await count(
      client,
      `select count(${staged.isSingle ? '*' : 'distinct n.key'}) as n from snapshot n where ${gone(staged)}`,
      [request.activationId, request.removesWhatLeft],
    )
    const compared: StageComparison = { ...doubled, isQuiet: false, records, removed }
    const isFirst = records > 0 && !(await remembers(client, request.activationId))
    if (isFirst && whenAllNew !== undefined && (await whenAllNew(client))) return compared
    await gatherDifferences(client, request)
    await onCounted(await countDifferences(client, staged), compared)
    await readDifferences(client, onPage)
    return compared
  })
}

/**
 * Saves in the Snapshot what the query asks for now. What a Key with an invalid row asks for is unknown: it stays as it was. With
 * `looksAtReturned`, a Record that came back stays a difference until it is settled, because this Run may be blocked or
 * cut short.
 */
export async function savePresence(
  pool: Pool,
  activationId: number,
  staged: StagedRecords,
  looksAtReturned: boolean,
): Promise<void> {
  await pool.query(
    `update snapshot n set present = false where n.activation_id = $1 and n.present and ${isGone(staged, 'n.key', 'n.group_id')}`,
    [activationId],
  )
  await pool.query(
    `update snapshot n set present = true, returned = $2 from ${staged.records} s where n.activation_id = $1 and not n.present and s.key = n.key and s.group_id = n.group_id`,
    [activationId, looksAtReturned],
  )
}

/**
 * Most Runs find nothing new, and joining two large sets is an expensive way to learn that. Two sets of Records count
 * as equal if their sizes and the sums of two independent 64-bit hashes are equal; the chance of an error is one in
 * 2^128. Both sides are hashed by this server in this transaction and nothing is stored, so the hash need not be stable
 * between versions. Duplicates show as a difference in size. Returns the number of Records; undefined: something
 * differs.
 */
async function nothingChanged(client: PoolClient, request: CompareRequest): Promise<number | undefined> {
  const named = (fingerprint: string) =>
    `case when desired is null then group_id || '/' || key else key || '/' || ${fingerprint} end`
  const sums = (text: string) => `sum(hashtextextended(${text}, 1)) as one, sum(hashtextextended(${text}, 2)) as two`
  const believed = await client.query<{ present: string; quiet: string; left: string; one: string; two: string }>(
    `select count(*) filter (where present) as present,
       count(*) filter (where present and not returned and (state = 'synced' or (state = 'rejected' and (retry_at is null or retry_at > now())))) as quiet,
       count(*) filter (where not present and $2 and managed <> 'no') as left,
       ${sums(`case when present then ${named('desired')} end`)}
     from snapshot where activation_id = $1`,
    [request.activationId, request.removesWhatLeft],
  )
  if (request.staged.rowsNameGroups && (await hasSeveralRows(client, request.staged))) return undefined
  const b = believed.rows[0]
  if (b === undefined || b.present !== b.quiet || b.present === '0' || b.left !== '0') return undefined
  const staged = await client.query<{ rows: string; one: string; two: string }>(
    `select count(*) as rows, ${sums(named(desiredFingerprint('s.desired')))} from ${request.staged.records} s`,
  )
  const s = staged.rows[0]
  if (s === undefined || s.rows !== b.present || s.one !== b.one || s.two !== b.two) return undefined
  return request.staged.isSingle ? Number(s.rows) : await countKeys(client, request.staged)
}

/** Rows of one Key may say the same, or contradict each other: sums over links do not show that. */
async function hasSeveralRows(client: PoolClient, { table, rowsNameGroups }: StagedRecords): Promise<boolean> {
  const { rows } = await client.query(
    `select from ${table} group by key having ${rowsNameGroups ? severalRows : 'count(*) > 1'} limit 1`,
  )
  return rows.length > 0
}

const severalRows = 'min(row_number) <> max(row_number) or (bool_or(aside) and count(*) > 1)'

function countKeys(client: PoolClient, { table, rowsNameGroups }: StagedRecords): Promise<number> {
  return count(client, `select count(${rowsNameGroups ? 'distinct key' : '*'}) as n from ${table} where not aside`)
}

async function remembers(client: PoolClient, activationId: number): Promise<boolean> {
  const { rows } = await client.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}

const noDuplicates = { duplicateRows: 0, duplicates: [], repeatedRows: 0, laterRows: 0 } as const

/**
 * Handles rows with the same Key. Rows that desire the same count once. Of rows that differ, the first counts if the
 * Activation says so, in the order of the copy, which is that of the query; otherwise none does. If a row of a Key is
 * invalid, its rows never count as equal.
 */
async function sortOutDuplicates(
  client: PoolClient,
  { staged, duplicates: policy }: CompareRequest,
): Promise<Pick<StageComparison, keyof typeof noDuplicates>> {
  const stage = staged.table
  // Most results have no duplicates, and creating a table costs more than looking for them.
  if (!(await hasSeveralRows(client, staged))) return noDuplicates
  if (staged.rowsNameGroups) return await sortOutRows(client, stage, policy)
  await client.query(
    `create temp table duplicate on commit drop as select key, count(*)::int as rows, count(*) filter (where not aside)::int as fresh,
       count(distinct (coalesce(desired, ''), coalesce(identities, ''))) filter (where not aside) = 1 and not bool_or(aside) as alike,
       min(ctid) filter (where not aside) as first
     from ${stage} group by key having count(*) > 1`,
  )
  if ((await count(client, 'select count(*) as n from duplicate where fresh > 0')) === 0) return noDuplicates
  const drop = async (which: string): Promise<number> =>
    (
      await client.query(
        `delete from ${stage} s using duplicate d where s.key = d.key and not s.aside and s.ctid <> d.first and ${which}`,
      )
    ).rowCount ?? 0
  const repeatedRows = await drop('d.alike')
  const laterRows = policy === 'first' ? await drop('not d.alike') : 0
  if (policy === 'first') {
    // The first valid row counts, even if another row of the Key is invalid.
    await client.query(`delete from ${stage} s using duplicate d where s.key = d.key and s.aside and d.fresh > 0`)
    return { ...noDuplicates, repeatedRows, laterRows }
  }
  await client.query('delete from duplicate where alike')
  // Rows that were invalid before are counted already.
  const duplicateRows = await count(client, 'select coalesce(sum(fresh), 0) as n from duplicate')
  if (duplicateRows === 0) return { ...noDuplicates, repeatedRows }
  await client.query(`update ${stage} s set aside = true from duplicate d where s.key = d.key`)
  const named = await client.query<{ key: string; rows: number }>(
    'select key, rows from duplicate where fresh > 0 order by key limit $1',
    [shownDuplicates],
  )
  return { duplicateRows, duplicates: named.rows, repeatedRows, laterRows }
}

/**
 * The same for rows that name groups. Rows of a Key with the same identifiers together say which links it has; a link that
 * several of them say counts once. Rows with other identifiers are duplicates.
 */
async function sortOutRows(
  client: PoolClient,
  stage: string,
  policy: CompareRequest['duplicates'],
): Promise<Pick<StageComparison, keyof typeof noDuplicates>> {
  await client.query(
    `create temp table duplicate on commit drop as select key, (count(distinct row_number) + count(*) filter (where aside))::int as rows, count(distinct row_number)::int as fresh,
       count(distinct coalesce(identities, '')) filter (where not aside) = 1 and not bool_or(aside) as alike, min(row_number) as first
     from ${stage} group by key having ${severalRows}`,
  )
  if ((await count(client, 'select count(*) as n from duplicate where fresh > 0')) === 0) return noDuplicates
  let laterRows = 0
  if (policy === 'first') {
    laterRows = await count(
      client,
      `with later as (delete from ${stage} s using duplicate d where s.key = d.key and not d.alike and not s.aside
      and coalesce(s.identities, '') <> (select coalesce(f.identities, '') from ${stage} f where f.key = d.key and f.row_number = d.first limit 1) returning s.key, s.row_number)
      select count(distinct (key, row_number)) as n from later`,
    )
  }
  // An invalid row stays: what it asks for is unknown, so nothing of its Key is removed.
  await client.query(
    `create temp table said on commit drop as select s.ctid as place, s.key, s.row_number, row_number() over (partition by s.key, s.desired order by s.row_number) as n
     from ${stage} s join duplicate d on d.key = s.key and (d.alike or $1) where not s.aside`,
    [policy === 'first'],
  )
  const repeatedRows = await count(
    client,
    'select count(*) as n from (select from said group by key, row_number having min(n) > 1) r',
  )
  await client.query(`delete from ${stage} s using said r where s.ctid = r.place and r.n > 1`)
  if (policy === 'first') return { ...noDuplicates, repeatedRows, laterRows }
  await client.query('delete from duplicate where alike')
  const duplicateRows = await count(client, 'select coalesce(sum(fresh), 0) as n from duplicate')
  if (duplicateRows === 0) return { ...noDuplicates, repeatedRows }
  await client.query(`update ${stage} s set aside = true from duplicate d where s.key = d.key`)
  const shown = await client.query<{ key: string; rows: number }>(
    'select key, rows from duplicate where fresh > 0 order by key limit $1',
    [shownDuplicates],
  )
  return { duplicateRows, duplicates: shown.rows, repeatedRows, laterRows }
}

async function count(client: PoolClient, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ n: string }>(sql, values)
  return Number(rows[0]?.n ?? 0)
}

/** Entries whose Key has no row in the Stage. */
function gone({ table }: StagedRecords): string {
  return `n.activation_id = $1 and (n.present or ($2 and n.managed <> 'no')) and not exists (select from ${table} s where s.key = n.key)`
}

function milliseconds(column: string): string {
  return `extract(epoch from ${column})::float8 * 1000 as ${column}`
}

/** Of a link without an Entry: the target record of the Key's other links. */
const targetOfKey =
  'coalesce(n.target_id, (select k.target_id from snapshot k where k.activation_id = $1 and k.key = s.key and k.target_id is not null order by k.run_id desc limit 1))'

/** Gathers all differences first, so that they are counted before the first of them is processed. */
async function gatherDifferences(
  client: PoolClient,
  { staged, activationId, removesWhatLeft, looksAtReturned, onHoldSince }: CompareRequest,
): Promise<void> {
  const fingerprint = desiredFingerprint('s.desired')
  await client.query(
    `create temp table difference on commit drop as
     with held as (select distinct key, group_id, reason = 'left' as gone from ledger where run_id = $3 and status = 'on-hold')
     select d.*, d.reason = 'retry' or (d.reason = 'unconfirmed' and d.sent_from is not null) or h.key is not null as pending,
       ${staged.isSingle ? `d.reason <> 'left' as in_query, d.reason <> 'new' as known` : `d.reason <> 'left' or q.key is not null as in_query, exists (select from snapshot k where k.activation_id = $1 and k.key = d.key and k.present) as known`}
     from (
       select s.key, s.group_id, s.desired, s.identities, coalesce(n.managed, 'no') as managed, ${staged.isSingle ? 'n.target_id' : targetOfKey} as target_id, n.fingerprints, case when n.key is null then 'new' when n.state = 'unconfirmed' then 'unconfirmed' when $4 and (n.returned or not n.present) then 'new'
           when n.state = 'rejected' and n.desired is not distinct from ${fingerprint} then 'retry' else 'changed' end as reason, n.sent_from, n.sent_to
         from ${staged.records} s left join snapshot n on n.activation_id = $1 and n.key = s.key and n.group_id = s.group_id
         where not s.aside and (n.key is null or n.state = 'unconfirmed' or ($4 and (n.returned or not n.present)) or n.desired is distinct from ${fingerprint} or (n.state = 'rejected' and n.retry_at <= now()))
       union all
       select n.key, n.group_id, null, null, n.managed, n.target_id, n.fingerprints, 'left', n.sent_from, n.sent_to from snapshot n
         where n.activation_id = $1 and $2 and n.managed <> 'no' and ${isGone(staged, 'n.key', 'n.group_id')}
      ) d left join held h on h.key = d.key and h.group_id = d.group_id and h.gone = (d.reason = 'left')
      ${staged.isSingle ? '' : `left join (select distinct key from ${staged.table}) q on q.key = d.key`}`,
    [activationId, removesWhatLeft, onHoldSince ?? null, looksAtReturned],
  )
}

async function countDifferences(client: PoolClient, { isSingle }: StagedRecords): Promise<DifferenceCount[]> {
  const { rows } = await client.query<DifferenceCount>(
    isSingle
      ? 'select reason, pending, count(*)::float8 as records from difference group by reason, pending'
      : `
    select case when gone then 'left' else 'new' end as reason, pending, count(*)::float8 as records from (
      select reason = 'left' as gone, bool_or(pending) as pending from difference group by key, reason = 'left'
    ) keys group by gone, pending`,
  )
  return rows
}

async function readDifferences(
  client: PoolClient,
  onPage: (page: readonly StagedDifference[]) => Promise<void>,
): Promise<void> {
  const cursor = client.query(
    new Cursor<Omit<StagedDifference, 'sent'> & { sent_from: number | null; sent_to: number | null }>(
      `select key, group_id as "group", desired, identities, managed, target_id as "targetId", fingerprints, reason, ${milliseconds('sent_from')}, ${milliseconds('sent_to')}, in_query as "isInQuery", known as "isKnown" from difference order by key, group_id`,
    ),
  )
  // pg-cursor does not report a connection that breaks between two reads.
  let breakOff: (error: Error) => void = () => undefined
  let broken: Error | undefined
  const onEnd = (): void => {
    broken = new Error('Connection terminated while it was read from.')
    breakOff(broken)
  }
  // Not a race with one long-lived promise: that promise would keep every page in memory.
  const unlessBroken = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      breakOff = reject
      if (broken !== undefined) reject(broken)
      work.then(resolve, reject)
    })
  client.once('end', onEnd)
  client.once('error', onEnd)
  try {
    for (;;) {
      const rows = await unlessBroken(cursor.read(pageSize))
      if (rows.length === 0) return
      await onPage(
        rows.map(({ sent_from: from, sent_to: to, ...row }) => ({
          ...row,
          sent: from === null || to === null ? null : { from, to },
        })),
      )
    }
  } finally {
    await unlessBroken(cursor.close()).finally(() => {
      client.off('end', onEnd)
      client.off('error', onEnd)
    })
  }
}
