import type { Pool, PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'
import { inTransaction } from '../store/database/transaction.ts'
import { desiredFingerprint } from '../store/plans/operations.ts'

export interface CompareRequest {
  readonly activationId: number
  /** The sealed Stage's table. */
  readonly stage: string
  /** Whether the behavior removes what left the query. */
  readonly removesWhatLeft: boolean
  /** Desired values are compared without case, as tag names are. */
  readonly foldsDesired: boolean
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

/** Number of Records that differ, by reason. `pending`: an earlier Run planned them but could not finish them. */
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

/** Stage against Snapshot for one Key, in terms of the query. */
export interface StagedDifference {
  readonly key: Key
  readonly reason: Reason
  /** What the Record desires, as staged; null: all Records desire the same, or its row was removed from the query. */
  readonly desired: string | null
  /** All its identifiers, as JSON; null: its Key is the only one, or its row was removed from the query. */
  readonly identities: string | null
  readonly managed: readonly string[]
  /** The target record's id, if known. */
  readonly targetId: string | null
  /** Its fingerprints when it was last settled (src/rules/fingerprints.ts); null: never settled. */
  readonly fingerprints: string | null
  /** For an unconfirmed Record: when it was sent, in unix milliseconds. */
  readonly sent: Period | null
}

export interface StageComparison {
  /** Rows whose identifier another row has, too: none of them becomes a Record. */
  readonly duplicateRows: number
  /** The first duplicate keys. */
  readonly duplicates: readonly { readonly key: Key; readonly rows: number }[]
  /** Rows equal to an earlier one, and rows after the first if the first counts. They are ignored. */
  readonly repeatedRows: number
  readonly laterRows: number
  /** The query returned exactly what the Snapshot holds, and nothing is due. */
  readonly isQuiet: boolean
  /** Records in the Stage, without duplicates. */
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
const pageSize = 1500

/**
 * Compares the sealed Stage with the Snapshot in SQL, and reports the differences in key order, page by page. Its only
 * lasting effect: duplicate rows are set aside or deleted in the Stage.
 */
export async function compareStage(pool: Pool, request: CompareRequest, { onCounted, onPage, whenAllNew }: CompareSteps): Promise<StageComparison> {
  return await inTransaction(pool, async (client) => {
    await client.query(`set local work_mem = '128MB'; set local jit = off`)
    const quiet = await nothingChanged(client, request)
    if (quiet !== undefined) return { ...noDuplicates, isQuiet: true, records: quiet, removed: 0 }
    const doubled = await sortOutDuplicates(client, request)
    await client.query(`analyze ${request.stage}`)
    const records = await count(client, `select count(*) as n from ${request.stage} where not aside`)
    const removed = await count(client, `select count(*) as n from snapshot n where ${gone(request.stage)}`, [request.activationId, request.removesWhatLeft])
    const compared: StageComparison = { ...doubled, isQuiet: false, records, removed }
    const isFirst = records > 0 && !await remembers(client, request.activationId)
    if (isFirst && whenAllNew !== undefined && await whenAllNew(client)) return compared
    await gatherDifferences(client, request)
    await onCounted(await countDifferences(client), compared)
    await readDifferences(client, onPage)
    return compared
  })
}

/**
 * Saves in the Snapshot which Keys are in the query now. A Key with only invalid rows counts as present. With
 * `looksAtReturned`, a Key that came back stays a difference until it is settled, because this Run may be blocked or
 * cut short.
 */
export async function savePresence(pool: Pool, activationId: number, stage: string, looksAtReturned: boolean): Promise<void> {
  await pool.query(
    `update snapshot n set present = false where n.activation_id = $1 and n.present
       and not exists (select from ${stage} s where s.key = n.key)`, [activationId])
  await pool.query(`update snapshot n set present = true, returned = $2 from ${stage} s where n.activation_id = $1 and not n.present and s.key = n.key`, [activationId, looksAtReturned])
}

/**
 * Most Runs find nothing new, and joining two large sets is an expensive way to learn that. Two sets of Records count
 * as equal if their sizes and the sums of two independent 64-bit hashes are equal; the chance of an error is one in
 * 2^128. Both sides are hashed by this server in this transaction and nothing is stored, so the hash need not be stable
 * between versions. Duplicates show as a difference in size. Returns the number of Records; undefined: something
 * differs.
 */
async function nothingChanged(client: PoolClient, request: CompareRequest): Promise<number | undefined> {
  const sums = (text: string) => `sum(hashtextextended(${text}, 1)) as one, sum(hashtextextended(${text}, 2)) as two`
  const believed = await client.query<{ present: string; quiet: string; left: string; one: string; two: string }>(
    `select count(*) filter (where present) as present,
       count(*) filter (where present and not returned and (state = 'synced' or (state = 'rejected' and (retry_at is null or retry_at > now())))) as quiet,
       count(*) filter (where not present and $2 and cardinality(managed) > 0) as left,
       ${sums(`case when present then case when desired is null then key else key || '/' || desired end end`)}
     from snapshot where activation_id = $1`,
    [request.activationId, request.removesWhatLeft],
  )
  const b = believed.rows[0]
  if (b === undefined || b.present !== b.quiet || b.present === '0' || b.left !== '0') return undefined
  const staged = await client.query<{ rows: string; one: string; two: string }>(
    `select count(*) as rows, ${sums(`case when desired is null then key else key || '/' || ${desiredFingerprint('s.desired', request.foldsDesired)} end`)} from ${request.stage} s`)
  const s = staged.rows[0]
  return s !== undefined && s.rows === b.present && s.one === b.one && s.two === b.two ? Number(s.rows) : undefined
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
async function sortOutDuplicates(client: PoolClient, { stage, duplicates: policy, foldsDesired }: CompareRequest): Promise<Pick<StageComparison, keyof typeof noDuplicates>> {
  await client.query(
    `create temp table duplicate on commit drop as select key, count(*)::int as rows, count(*) filter (where not aside)::int as fresh,
       count(distinct (coalesce(${foldsDesired ? 'lower(desired)' : 'desired'}, ''), coalesce(identities, ''))) filter (where not aside) = 1 and not bool_or(aside) as alike,
       min(ctid) filter (where not aside) as first
     from ${stage} group by key having count(*) > 1`)
  if (await count(client, 'select count(*) as n from duplicate where fresh > 0') === 0) return noDuplicates
  const drop = async (which: string): Promise<number> =>
    (await client.query(`delete from ${stage} s using duplicate d where s.key = d.key and not s.aside and s.ctid <> d.first and ${which}`)).rowCount ?? 0
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
  const named = await client.query<{ key: string; rows: number }>('select key, rows from duplicate where fresh > 0 order by key limit $1', [shownDuplicates])
  return { duplicateRows, duplicates: named.rows, repeatedRows, laterRows }
}

async function count(client: PoolClient, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ n: string }>(sql, values)
  return Number(rows[0]?.n ?? 0)
}

function gone(stage: string): string {
  return `n.activation_id = $1 and (n.present or ($2 and cardinality(n.managed) > 0)) and not exists (select from ${stage} s where s.key = n.key)`
}

function milliseconds(column: string): string {
  return `extract(epoch from ${column})::float8 * 1000 as ${column}`
}

/** Gathers all differences first, so that they are counted before the first of them is processed. */
async function gatherDifferences(client: PoolClient, { stage, activationId, removesWhatLeft, foldsDesired, looksAtReturned, onHoldSince }: CompareRequest): Promise<void> {
  const fingerprint = desiredFingerprint('s.desired', foldsDesired)
  await client.query(
    `create temp table difference on commit drop as
     with held as (select distinct key, reason = 'left' as gone from ledger where run_id = $3 and status = 'on-hold')
     select d.*, d.reason = 'retry' or (d.reason = 'unconfirmed' and d.sent_from is not null) or h.key is not null as pending from (
       select s.key, s.desired, s.identities, coalesce(n.managed, '{}') as managed, n.target_id, n.fingerprints, case when n.key is null then 'new' when n.state = 'unconfirmed' then 'unconfirmed' when $4 and (n.returned or not n.present) then 'new'
           when n.state = 'rejected' and n.desired is not distinct from ${fingerprint} then 'retry' else 'changed' end as reason, n.sent_from, n.sent_to
         from ${stage} s left join snapshot n on n.activation_id = $1 and n.key = s.key
         where not s.aside and (n.key is null or n.state = 'unconfirmed' or ($4 and (n.returned or not n.present)) or n.desired is distinct from ${fingerprint} or (n.state = 'rejected' and n.retry_at <= now()))
       union all
       select n.key, null, null, n.managed, n.target_id, n.fingerprints, 'left', n.sent_from, n.sent_to from snapshot n
         where n.activation_id = $1 and $2 and cardinality(n.managed) > 0 and not exists (select from ${stage} s where s.key = n.key)
      ) d left join held h on h.key = d.key and h.gone = (d.reason = 'left')`,
    [activationId, removesWhatLeft, onHoldSince ?? null, looksAtReturned])
}

async function countDifferences(client: PoolClient): Promise<DifferenceCount[]> {
  const { rows } = await client.query<DifferenceCount>('select reason, pending, count(*)::float8 as records from difference group by reason, pending')
  return rows
}

async function readDifferences(client: PoolClient, onPage: (page: readonly StagedDifference[]) => Promise<void>): Promise<void> {
  const cursor = client.query(new Cursor<Omit<StagedDifference, 'sent'> & { sent_from: number | null; sent_to: number | null }>(
    `select key, desired, identities, managed, target_id as "targetId", fingerprints, reason, ${milliseconds('sent_from')}, ${milliseconds('sent_to')} from difference order by key`))
  // pg-cursor does not report a connection that breaks between two reads.
  let breakOff: (error: Error) => void = () => undefined
  let broken: Error | undefined
  const onEnd = (): void => {
    broken = new Error('Connection terminated while it was read from.')
    breakOff(broken)
  }
  // Not a race with one long-lived promise: that promise would keep every page in memory.
  const unlessBroken = <T>(work: Promise<T>): Promise<T> => new Promise((resolve, reject) => {
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
      await onPage(rows.map(({ sent_from: from, sent_to: to, ...row }) => ({ ...row, sent: from === null || to === null ? null : { from, to } })))
    }
  } finally {
    await unlessBroken(cursor.close()).finally(() => {
      client.off('end', onEnd)
      client.off('error', onEnd)
    })
  }
}
