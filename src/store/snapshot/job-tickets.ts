import type { ClientBase, Pool } from 'pg'
import type { RecordRef } from '../../model/record.ts'
import { leaseLost, ordinalsAtWork, type RunLease } from './marks.ts'

/**
 * Saves the ticket of a marked batch, identified by its first ordinal. `handed`: ordinals of the lines that the job works on.
 * Throws if the lease was lost.
 */
export async function saveTicket(
  pool: Pool,
  { runId, attempt }: RunLease,
  firstOrdinal: number,
  handed: readonly number[],
  ticket: string,
): Promise<void> {
  const { rowCount } = await pool.query({
    name: 'save-ticket',
    text: `update batch set ticket = $4, handed = $5 where run_id = $1 and first_ordinal = $3 and attempt = $2 and settled_at is null
             and exists (select from run where id = $1 and attempt = $2 and finished_at is null for share)`,
    values: [runId, attempt, firstOrdinal, ticket, handed],
  })
  if (rowCount !== 1) throw leaseLost()
}

/** Replaces the ticket of a batch of an ended Run. `lease`: of the Run that collects it. */
export async function resaveTicket(
  pool: Pool,
  lease: RunLease,
  { runId, attempt, firstOrdinal }: Pick<BatchAtWork, 'runId' | 'attempt' | 'firstOrdinal'>,
  ticket: string,
): Promise<void> {
  const { rowCount } = await pool.query(
    `update batch set ticket = $4 where run_id = $1 and first_ordinal = $3 and attempt = $2 and settled_at is null
       and exists (select from run where id = $5 and attempt = $6 and finished_at is null for share)`,
    [runId, attempt, firstOrdinal, ticket, lease.runId, lease.attempt],
  )
  if (rowCount !== 1) throw leaseLost()
}

/** A batch of an ended Run that a job of the Target may still work on. */
export interface BatchAtWork {
  readonly runId: number
  /** The attempt that marked it. */
  readonly attempt: number
  readonly firstOrdinal: number
  readonly ticket: string
  /** Lines without an Outcome. */
  readonly ordinals: readonly number[]
  /** Lines that the job works on, in the order of the call. */
  readonly handed: readonly number[]
  /** In unix milliseconds by the database's clock. */
  readonly markedAt: number
}

/** The oldest one first. */
export async function readBatchesAtWork(pool: Pool, activationId: number): Promise<readonly BatchAtWork[]> {
  const { rows } = await pool.query<BatchAtWork>({
    name: 'batches-at-work',
    text: `select b.run_id::float8 as "runId", b.attempt, b.first_ordinal::float8 as "firstOrdinal", b.ticket, b.handed::float8[] as handed,
             array(select o::float8 from unnest(b.ordinals) o where not exists (select from ledger l where l.run_id = b.run_id and l.ordinal = o) order by o) as ordinals, (extract(epoch from b.marked_at) * 1000)::float8 as "markedAt"
           from run r join batch b on b.run_id = r.id
           where r.activation_id = $1 and r.finished_at is not null and b.ticket is not null and b.settled_at is null order by b.run_id, b.first_ordinal`,
    values: [activationId],
  })
  return rows
}

/** Records of an Activation that jobs of the Target may still work on. */
export async function readRecordsAtWork(pool: Pool, activationId: number): Promise<readonly RecordRef[]> {
  const { rows } = await pool.query<RecordRef>(
    `select o.key, o.group_id as "group" from run r join operation o on o.run_id = r.id
     where r.activation_id = $1 and r.id in (select run_id from batch where ticket is not null and settled_at is null) and o.ordinal in (${ordinalsAtWork('r.id')})`,
    [activationId],
  )
  return rows
}

/** Number of lines of a Run that jobs of the Target may still work on. */
export async function countAtWork(pool: Pool | ClientBase, runId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>({
    name: 'count-at-work',
    text: `select count(*)::float8 as n from (${ordinalsAtWork('$1')}) w`,
    values: [runId],
  })
  return rows[0]?.n ?? 0
}
