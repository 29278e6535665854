import type { ClientBase, Pool } from 'pg'
import { ordinalsAtWork } from '../snapshot/marks.ts'
import {
  dropOperations,
  plannedColumns,
  asPlanned,
  type PlannedOperation,
  type PlannedRow,
} from '../plans/operations.ts'
import { interruptedFault } from './runs.ts'
import { inTransaction } from '../database/transaction.ts'
import { groupTable, stageTable } from '../snapshot/staged-records.ts'

const lockNotAvailable = '55P03'

/** Whether Runs of an Activation are still open, or left a Stage or lines of a Plan behind. */
export async function hasLeftovers(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query<{ has: boolean }>({
    name: 'has-leftovers',
    text: `select exists (select from run where activation_id = $1 and finished_at is null) or exists (${interruptedWork('select')}) as has`,
    values: [activationId],
  })
  return rows[0]?.has === true
}

/**
 * Ends the open Runs of an Activation and raises their attempt, so that a stalled process can no longer mark or settle.
 * Returns their ids.
 */
export async function endOpenRuns(client: ClientBase, activationId: number): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    `update run set attempt = attempt + 1, status = 'interrupted', finished_at = now(), fault = ${interruptedFault}
     where activation_id = $1 and finished_at is null returning id::float8 as id`,
    [activationId],
  )
  return rows.map(({ id }) => id)
}

/** A line of a Plan that was marked and not settled. */
export interface MarkedLine {
  readonly runId: number
  /** In unix milliseconds by the database's clock. */
  readonly markedAt: number
  readonly line: PlannedOperation
}

/** Lines that these Runs marked and did not settle, in the order of the Runs and their Plans. Lines with an Outcome are left out, and whole
 * records that a job of the Target works on: their Entries say what was there before, until the results are collected. */
export async function readMarked(client: ClientBase, runs: readonly number[]): Promise<readonly MarkedLine[]> {
  const { rows } = await client.query<PlannedRow & { runId: number; markedAt: number }>(
    `select b.run_id::float8 as "runId", (extract(epoch from b.marked_at) * 1000)::float8 as "markedAt", ${plannedColumns} from batch b
     join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
     where b.run_id = any($1::bigint[]) and b.settled_at is null and (b.ticket is null or o.group_id <> '') and not exists (select from ledger l where l.run_id = b.run_id and l.ordinal = o.ordinal) order by b.run_id, o.ordinal`,
    [runs],
  )
  return rows.map(({ runId, markedAt, ...row }) => ({ runId, markedAt, line: asPlanned(row) }))
}

/** Number of Records that a Run marked and that have no Outcome. Several links of one Record count once. */
export async function countUnanswered(client: ClientBase, runId: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(distinct o.key)::float8 as n from batch b
     join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
     where b.run_id = $1 and b.settled_at is null and not exists (select from ledger l where l.run_id = b.run_id and l.ordinal = o.ordinal)`,
    [runId],
  )
  return rows[0]?.n ?? 0
}

const hasStage = `(to_regclass('stage_' || r.id) is not null or to_regclass('stage_' || r.id || '_group') is not null or exists (select from staged_row s where s.run_id = r.id))`

const interruptedWork = (select: string): string =>
  `${select} from run r where r.activation_id = $1 and r.status = 'interrupted' and (${hasStage} or exists (select from operation o where o.run_id = r.id and o.ordinal not in (${ordinalsAtWork('r.id')})))`

/** Drops the Stages and Plan lines of interrupted Runs. */
export async function dropWork(pool: Pool, activationId: number): Promise<void> {
  const { rows } = await pool.query<{ id: number; staged: boolean }>(
    interruptedWork(`select r.id::float8 as id, ${hasStage} as staged`),
    [activationId],
  )
  for (const { id, staged } of rows) {
    await dropOperations(pool, id)
    if (staged) await dropStage(pool, id)
  }
}

/** The Runs of an Activation that left rows of a Stage behind. */
export async function findStages(pool: Pool, activationId: number): Promise<readonly number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `select r.id::float8 as id from run r where r.activation_id = $1 and ${hasStage}`,
    [activationId],
  )
  return rows.map(({ id }) => id)
}

/**
 * Ends a session of ours that still reads the Stage of an ended Run, e.g. of a process frozen during a comparison. Does
 * not wait long for other sessions, such as a backup: a later Run drops the table.
 */
export async function dropStage(pool: Pool, runId: number): Promise<void> {
  const tables = [stageTable(runId), groupTable(runId)]
  // Rows that a frozen process has locked are left for a later Run.
  await pool.query(
    `delete from staged_row where run_id = $1 and line = any(array(select line from staged_row where run_id = $1 for update skip locked))`,
    [runId],
  )
  await pool.query(
    `select pg_terminate_backend(s.pid, 5000) from pg_locks l join pg_stat_activity s on s.pid = l.pid
     where l.relation in (to_regclass($1), to_regclass($2)) and s.datname = current_database() and s.backend_type = 'client backend' and s.pid <> pg_backend_pid()
       and s.application_name in (select tag from process) and pg_has_role(s.usesysid, 'usage')`,
    tables,
  )
  await inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '5s'`)
    await client.query(`drop table if exists ${tables.join(', ')}`)
  }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== lockNotAvailable) throw error
  })
}
