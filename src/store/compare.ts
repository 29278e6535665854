import type { Pool, PoolClient } from 'pg'
import type { OperationKind } from '../model/operation.ts'
import type { Key } from '../model/record.ts'
import { inTransaction } from './transaction.ts'

export interface CompareRequest {
  readonly runId: number
  readonly activationId: number
  /** The sealed Stage's table. */
  readonly stage: string
  /** What the behaviour asks for a Record that is not held. */
  readonly kind: OperationKind
  /** False for a plan that is only shown: then nothing is written but the Run's own Operations. */
  readonly remember: boolean
}

export interface Comparison {
  readonly added: number
  readonly removed: number
  readonly unchanged: number
  /** Rows whose identifier another row has, too: none of them becomes a Record. */
  readonly duplicateRows: number
  /** The first of them, by name. */
  readonly duplicates: readonly { readonly key: Key; readonly rows: number }[]
}

const shownDuplicates = 1000

/**
 * Compares the sealed Stage with the Snapshot and writes the Run's Operations, in the order of their keys. Set work, so it is
 * done where the sets are. Refused Keys stay quiet until their value changes or their time has come.
 */
export async function compareStage(pool: Pool, request: CompareRequest): Promise<Comparison> {
  return await inTransaction(pool, async (client) => {
    await client.query(`set local work_mem = '128MB'; set local jit = off`)
    const quiet = await nothingChanged(client, request)
    if (quiet !== undefined) return { added: 0, removed: 0, unchanged: quiet, duplicateRows: 0, duplicates: [] }
    const { duplicateRows, duplicates } = await setDuplicatesAside(client, request.stage)
    await client.query(`analyze ${request.stage}`)
    const records = await countRows(client, request.stage)
    const added = await insertOperations(client, request)
    const removed = await noteLeft(client, request)
    return { added, removed, unchanged: records - added, duplicateRows, duplicates }
  })
}

/**
 * Most Runs find nothing new, and a join of two large sets is a dear way to learn that. Two sets of keys 
 * are taken as equal when their sizes and the sums of two independent 64-bit hashes of each are: a chance
 * of one in 2^128 to be wrong. Both sides are hashed by this server in this statement;
 * nothing of it is kept, so the hash need not be stable between versions. Duplicates show as a difference in size.
 * Returns the number of Records, or undefined when something differs.
 */
async function nothingChanged(client: PoolClient, request: CompareRequest): Promise<number | undefined> {
  const believed = await client.query<{ present: string; quiet: string; one: string; two: string }>(
    `select count(*) as present, count(*) filter (where state = 'holds' or (state = 'refused' and (retry_at is null or retry_at > now()))) as quiet,
       sum(hashtextextended(key, 1)) as one, sum(hashtextextended(key, 2)) as two
     from snapshot where activation_id = $1 and present`,
    [request.activationId],
  )
  const b = believed.rows[0]
  if (b === undefined || b.present !== b.quiet || b.present === '0') return undefined
  const staged = await client.query<{ rows: string; one: string; two: string }>(
    `select count(*) as rows, sum(hashtextextended(key, 1)) as one, sum(hashtextextended(key, 2)) as two from ${request.stage}`)
  const s = staged.rows[0]
  return s !== undefined && s.rows === b.present && s.one === b.one && s.two === b.two ? Number(s.rows) : undefined
}

async function setDuplicatesAside(client: PoolClient, stage: string): Promise<{ duplicateRows: number; duplicates: { key: Key; rows: number }[] }> {
  await client.query(`create temp table duplicate on commit drop as select key, count(*)::int as rows from ${stage} group by key having count(*) > 1`)
  const total = await client.query<{ rows: string | null }>('select sum(rows) as rows from duplicate')
  const duplicateRows = Number(total.rows[0]?.rows ?? 0)
  if (duplicateRows === 0) return { duplicateRows: 0, duplicates: [] }
  await client.query(`delete from ${stage} s using duplicate d where s.key = d.key`)
  const named = await client.query<{ key: string; rows: number }>('select key, rows from duplicate order by key limit $1', [shownDuplicates])
  return { duplicateRows, duplicates: named.rows }
}

async function countRows(client: PoolClient, table: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${table}`)
  return Number(rows[0]?.n ?? 0)
}

async function insertOperations(client: PoolClient, request: CompareRequest): Promise<number> {
  const { rowCount } = await client.query(
    `insert into operation (run_id, ordinal, key, kind, reason)
     select $1, row_number() over (order by s.key), s.key, $3,
       case when n.key is null then 'new' when n.state = 'doubt' then 'in-doubt' else 'retry' end
     from ${request.stage} s left join snapshot n on n.activation_id = $2 and n.key = s.key
     where n.key is null or n.state = 'doubt' or (n.state = 'refused' and n.retry_at <= now())`,
    [request.runId, request.activationId, request.kind],
  )
  return rowCount ?? 0
}

/** Counts the Keys that left the query since the last Run, and notes who is there now. A duplicated Key has not left. */
async function noteLeft(client: PoolClient, request: CompareRequest): Promise<number> {
  const gone = `n.activation_id = $1 and n.present and not exists (select from ${request.stage} s where s.key = n.key)
                and not exists (select from duplicate d where d.key = n.key)`
  if (!request.remember) {
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from snapshot n where ${gone}`, [request.activationId])
    return Number(rows[0]?.n ?? 0)
  }
  const left = await client.query(`update snapshot n set present = false where ${gone}`, [request.activationId])
  await client.query(
    `update snapshot n set present = true from ${request.stage} s where n.activation_id = $1 and not n.present and s.key = n.key`,
    [request.activationId],
  )
  return left.rowCount ?? 0
}
