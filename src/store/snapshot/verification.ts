import type { Pool } from 'pg'
import type { OperationKind } from '../../model/operation.ts'
import type { Managed } from '../../model/entry.ts'
import type { Key, RecordRef } from '../../model/record.ts'
import { writingKinds } from '../plans/operations.ts'

/** A Record of the query that the Snapshot believes to be synced. */
export interface SyncedRecord extends RecordRef {
  readonly managed: Managed
  readonly runId: number
  /** The target record's id, if known. */
  readonly targetId: string | null
  /** Fingerprints of its Fields when they were settled (src/rules/fingerprints.ts), if it has Fields. */
  readonly fingerprints: string | null
  /** A direct read found drift, and it was not settled since. */
  readonly drifted: boolean
}

/** A drifted Record that is marked for repair is unconfirmed: it still differs from what we wrote. */
const believed = `n.activation_id = $1 and n.present and n.run_id <> all($2::bigint[]) and (n.state = 'synced' or (n.state = 'unconfirmed' and d.key is not null))`
const standing = `left join drift d on d.activation_id = n.activation_id and d.key = n.key and d.group_id = n.group_id and d.run_id = n.run_id`

/** `except`: leaves out what these Runs settled. */
export async function countSynced(pool: Pool, activationId: number, except: readonly number[]): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    `select count(*) as n from snapshot n ${standing} where ${believed}`,
    [activationId, except],
  )
  return Number(rows[0]?.n ?? 0)
}

/** In the order of Keys and groups, page by page. */
export async function* readSynced(
  pool: Pool,
  activationId: number,
  except: readonly number[],
  pageSize: number,
): AsyncGenerator<readonly SyncedRecord[]> {
  let after: RecordRef = { key: '', group: '' }
  for (;;) {
    const { rows } = await pool.query<SyncedRecord>(
      `select n.key, n.group_id as "group", n.managed, n.run_id::int as "runId", n.target_id as "targetId", n.fingerprints, d.key is not null as drifted
       from snapshot n ${standing} where ${believed} and (n.key, n.group_id) > ($3, $4) order by n.key, n.group_id limit $5`,
      [activationId, except, after.key, after.group, pageSize],
    )
    if (rows.length === 0) return
    yield rows
    after = rows[rows.length - 1] ?? after
  }
}

/** Those of these Runs that delivered at least this many Records. */
export async function runsThatDelivered(pool: Pool, runs: readonly number[], atLeast: number): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `select id::int as id from run where id = any($1::bigint[]) and (counts ->> 'delivered')::bigint >= $2`,
    [runs, atLeast],
  )
  return rows.map(({ id }) => id)
}

/** One Operation that a Run believes to be delivered. */
export interface DeliveredOperation extends RecordRef {
  readonly ordinal: number
  readonly kind: OperationKind
  readonly reason: string
  /** It really made or removed the link. */
  readonly hasChanged: boolean
  /** The target record's id, if known. */
  readonly targetId: string | null
  /** The values that it set, as a JSON object; null: none. */
  readonly after: string | null
}

const deliveredColumns = `key, group_id as "group", kind, reason, managed or coalesce(effect = 'removed', false) as "hasChanged", target_id as "targetId", after`

/** All Operations that a Run delivered, page by page; with `upTo`, only up to that line of its Plan. */
export async function* readDelivered(
  pool: Pool,
  runId: number,
  pageSize: number,
  upTo?: number,
): AsyncGenerator<readonly DeliveredOperation[]> {
  let after = 0
  for (;;) {
    const { rows } = await pool.query<DeliveredOperation>(
      `select ordinal::float8 as ordinal, ${deliveredColumns} from ledger
       where run_id = $1 and status = 'delivered' and ordinal > $2 and ($3::bigint is null or ordinal <= $3) order by ledger.ordinal limit $4`,
      [runId, after, upTo ?? null, pageSize],
    )
    if (rows.length === 0) return
    yield rows
    after = rows[rows.length - 1]?.ordinal ?? after
  }
}

/** A random sample of what a Run delivered, determined by the seed. */
export async function drawDelivered(
  pool: Pool,
  runId: number,
  limit: number,
  seed: number,
): Promise<readonly DeliveredOperation[]> {
  const { rows } = await pool.query<DeliveredOperation>(
    `select ordinal::float8 as ordinal, ${deliveredColumns} from ledger where run_id = $1 and status = 'delivered'
     order by hashtextextended(key, $2), ordinal limit $3`,
    [runId, seed, limit],
  )
  return rows
}

/** The first rejected Operation up to this line of a Run's Plan; if there is none, the first without a clear answer. */
export async function firstFailure(
  pool: Pool,
  runId: number,
  upTo: number,
): Promise<{ key: Key; status: string; message: string | null } | undefined> {
  const { rows } = await pool.query<{ key: Key; status: string; message: string | null }>(
    `select key, status, message from ledger where run_id = $1 and ordinal <= $2 and status in ('rejected', 'unconfirmed', 'on-hold')
     order by status <> 'rejected', ordinal limit 1`,
    [runId, upTo],
  )
  return rows[0]
}

/** The line of a Run's Plan with this number of writes; undefined: the Plan has fewer. */
export async function lineOfWrite(pool: Pool, runId: number, writes: number): Promise<number | undefined> {
  const { rows } = await pool.query<{ ordinal: number }>(
    `select ordinal::float8 as ordinal from operation where run_id = $1 and kind = any($3) order by operation.ordinal offset $2 limit 1`,
    [runId, writes - 1, writingKinds],
  )
  return rows[0]?.ordinal
}

export interface NewVerification {
  readonly activationId: number
  readonly runId: number | null
  readonly confirmed: number
  readonly pending: number
  readonly missing: number
}

export async function recordVerification(
  pool: Pool,
  { activationId, runId, confirmed, pending, missing }: NewVerification,
): Promise<void> {
  await pool.query(
    'insert into verification (activation_id, run_id, confirmed, pending, missing) values ($1, $2, $3, $4, $5)',
    [activationId, runId, confirmed, pending, missing],
  )
}
