import type { Pool, PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Managed } from '../model/entry.ts'
import type { RecordRef } from '../model/record.ts'
import { inTransaction } from '../store/database/transaction.ts'
import { desiredFingerprint } from '../store/plans/operations.ts'
import {
  count,
  hasSeveralRows,
  noDuplicates,
  sortOutDuplicates,
  type DuplicatePolicy,
  type StageDuplicates,
} from './stage-duplicates.ts'
import { isAbsent, isGone, type StagedRecords } from '../store/snapshot/staged-records.ts'

export interface CompareRequest {
  readonly activationId: number
  readonly staged: StagedRecords
  /** Whether the behavior removes what left the query. */
  readonly removesWhatLeft: boolean
  readonly duplicates: DuplicatePolicy
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

export interface StageComparison extends StageDuplicates {
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
    const doubled = await sortOutDuplicates(client, staged, request.duplicates)
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

function countKeys(client: PoolClient, { table, rowsNameGroups }: StagedRecords): Promise<number> {
  return count(client, `select count(${rowsNameGroups ? 'distinct key' : '*'}) as n from ${table} where not aside`)
}

async function remembers(client: PoolClient, activationId: number): Promise<boolean> {
  const { rows } = await client.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
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

/**
 * Gathers all differences first, so that they are counted before the first of them is processed. A link whose row came
 * back counts as new, because another Activation may have removed it meanwhile.
 */
async function gatherDifferences(
  client: PoolClient,
  { staged, activationId, removesWhatLeft, onHoldSince }: CompareRequest,
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
    [activationId, removesWhatLeft, onHoldSince ?? null, staged.areLinks],
  )
}

async function countDifferences(client: PoolClient, { isSingle }: StagedRecords): Promise<DifferenceCount[]> {
  const { rows } = await client.query<DifferenceCount>(
    isSingle
      ? 'select reason, pending, count(*)::float8 as records from difference group by reason, pending'
      : `
    select case when gone then 'left' else 'new' end as reason, pending, count(*)::float8 as records from (
      select reason = 'left' as gone, bool_or(pending) as pending from difference where not ${isAbsent('group_id')} group by key, reason = 'left'
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
