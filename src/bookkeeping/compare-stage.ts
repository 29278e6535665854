import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../store/database/transaction.ts'
import { desiredFingerprint } from '../store/plans/operations.ts'
import {
  countDifferences,
  gatherDifferences,
  readDifferences,
  readFewDifferences,
  type DifferenceCount,
  type DifferenceRequest,
  type StagedDifference,
} from './differences.ts'
import {
  count,
  hasSeveralRows,
  noDuplicates,
  sortOutDuplicates,
  type DuplicatePolicy,
  type StageDuplicates,
} from './stage-duplicates.ts'
import { isSmallStage, smallStage, type StagedRecords } from '../store/snapshot/staged-records.ts'

export interface CompareRequest extends DifferenceRequest {
  readonly duplicates: DuplicatePolicy
}

export interface CompareSteps {
  /** Called with the counts, before the first page. */
  readonly onCounted: (differences: readonly DifferenceCount[], compared: StageComparison) => Promise<void>
  /** Called with the differences in key order, page by page. */
  readonly onPage: (page: readonly StagedDifference[]) => Promise<void>
  readonly whenAllNew?: WhenAllNew | undefined
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
    if (!isSmallStage(staged.rows)) await client.query(`analyze ${staged.rows.table}`)
    const removed = await count(
      client,
      `select count(${staged.isSingle ? '*' : 'distinct n.key'}) as n from snapshot n where ${gone(staged)}`,
      [request.activationId, request.removesWhatLeft],
    )
    const compared: StageComparison = { ...doubled, isQuiet: false, records, removed }
    const isFirst = records > 0 && !(await remembers(client, request.activationId))
    if (isFirst && whenAllNew !== undefined && (await whenAllNew(client))) return compared
    const few =
      isSmallStage(staged.rows) && removed <= smallStage ? await readFewDifferences(client, request) : undefined
    if (few !== undefined) {
      await onCounted(few.counts, compared)
      if (few.differences.length > 0) await onPage(few.differences)
      return compared
    }
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

function countKeys(client: PoolClient, { rows, rowsNameGroups }: StagedRecords): Promise<number> {
  return count(
    client,
    `select count(${rowsNameGroups ? 'distinct key' : '*'}) as n from ${rows.relation} s where not aside`,
  )
}

async function remembers(client: PoolClient, activationId: number): Promise<boolean> {
  const { rows } = await client.query('select from snapshot where activation_id = $1 limit 1', [activationId])
  return rows.length > 0
}

/** Entries whose Key has no row in the Stage. */
function gone({ rows }: StagedRecords): string {
  return `n.activation_id = $1 and (n.present or ($2 and n.managed <> 'no')) and not exists (select from ${rows.relation} s where s.key = n.key)`
}
