import type { Pool } from 'pg'
import { Fault } from '../model/fault.ts'
import { findKeptPlan, keepPlan } from '../store/kept-plans.ts'
import { readOperations } from '../store/operations.ts'
import { planLines } from './hold-to-plan.ts'
import { hashOfPlan, headOf, type PlanHead, type SavedPlan } from './plan-file.ts'

const pageSize = 2000

/** Keeps a pass's Plan in the control database, for any worker to run: as good as a plan file. */
export async function keepPassPlan(pool: Pool, runId: number, lines: number, head: Omit<PlanHead, 'format'>): Promise<void> {
  const whole = headOf(head)
  const hash = await hashOfPlan(whole, linesOf(pool, runId, lines))
  await keepPlan(pool, runId, { head: whole, hash, lines }, Date.parse(head.expiresAt))
}

/** Throws where it is of another Activation, or its time is over. */
export async function openKeptPlan(pool: Pool, activation: string, id: number): Promise<SavedPlan> {
  const kept = await findKeptPlan(pool, activation, id)
  if (kept === undefined) {
    throw new Fault('refused', `Plan ${id} of "${activation}" is not kept any more.`, { code: 'plan-expired', advice: 'Make a new plan, look at it, and run that.' })
  }
  // Written by keepPassPlan, of this version or one whose format hold-to-plan still compares.
  return { head: kept.head as PlanHead, hash: kept.hash, lines: () => linesOf(pool, id, kept.lines) }
}

function linesOf(pool: Pool, runId: number, lines: number) {
  return planLines(readOperations(pool, runId, { lines, pageSize }))
}
