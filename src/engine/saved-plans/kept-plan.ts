import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { findKeptPlan, keepPlan } from '../../store/plans/kept-plans.ts'
import { readOperations } from '../../store/plans/operations.ts'
import { rowOfPlan } from '../../store/plans/numbered-plans.ts'
import { planLines } from './require-same-plan.ts'
import { hashOfPlan, headOf, type PlanHead, type SavedPlan } from './plan-file.ts'
import type { LineNames } from './shown-line.ts'

const pageSize = 2000

/** Keeps a Plan in the control database, for any worker to run. Equivalent to a plan file. */
export async function keepMadePlan(
  pool: Pool,
  runId: number,
  { lines, recordOf }: { readonly lines: number; readonly recordOf: LineNames['recordOf'] },
  head: Omit<PlanHead, 'format'>,
): Promise<void> {
  const whole = headOf(head)
  const hash = await hashOfPlan(whole, linesOf(pool, runId, lines, recordOf))
  await keepPlan(pool, runId, { head: whole, hash, lines }, Date.parse(head.expiresAt))
}

/** Throws if the Plan is of another Activation, or has expired. */
export async function openKeptPlan(pool: Pool, activation: string, id: number): Promise<SavedPlan> {
  const row = rowOfPlan(id)
  const kept = await findKeptPlan(pool, activation, row)
  if (kept === undefined) {
    throw new Fault('blocked', `Plan ${id} of "${activation}" is no longer stored.`, {
      code: 'plan-expired',
      advice: 'Make a new plan, review it, and run the new plan.',
    })
  }
  // Written by keepMadePlan, of this version or one whose format require-same-plan.ts still compares.
  return { head: kept.head as PlanHead, hash: kept.hash, lines: (recordOf) => linesOf(pool, row, kept.lines, recordOf) }
}

function linesOf(pool: Pool, runId: number, lines: number, recordOf: LineNames['recordOf']) {
  return planLines(readOperations(pool, runId, { lines, pageSize }), recordOf)
}
