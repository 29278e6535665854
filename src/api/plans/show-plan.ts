import type { z } from 'zod'
import type { Plan, PlanReport } from '../../engine/plan.ts'
import type { Fields } from '../../model/field.ts'
import type { KeepNote, PlannedOperation } from '../../store/operations.ts'
import type { plan, planLine } from './contract.ts'

/** Of what asks nothing, so many lines of each kind are shown. */
const shownKept = 3
const shownRefusals = 50

type ShownLine = z.output<typeof planLine>

/** A Plan in figures, with its first writes. */
export async function showPlan(made: Plan, sample: number): Promise<z.output<typeof plan>> {
  const { counts, lines, members, toCreate, writeCalls, writeMs, requests, violations, refusals, notices } = made.report
  return {
    counts, lines: { ...lines }, members: members.map(({ name, id }) => ({ name, id })), toCreate: [...toCreate], writeCalls, readCalls: requests.read, writeMs: writeMs ?? null,
    violations: violations.map(({ rule, words }) => ({ rule, words })),
    refusals: refusals.slice(0, shownRefusals).map(({ row, key, code, message }) => ({ row, key, code, message })),
    notices: [...notices], sample: [...await writes(made, sample), ...undeliverable(made.report), ...await kept(made)],
  }
}

async function writes(made: Plan, most: number): Promise<ShownLine[]> {
  const lines: PlannedOperation[] = []
  if (most > 0) for await (const page of made.lines('writes')) {
    lines.push(...page.slice(0, most - lines.length))
    if (lines.length >= most) break
  }
  return lines.map(({ key, kind, reason, members, note, asks, before, message }) => ({
    record: key, operation: kind, reason, members: members.map(made.nameOf), note, fields: fieldsIn(asks), before: fieldsIn(before), message,
  }))
}

function undeliverable({ undeliverable: groups }: PlanReport): ShownLine[] {
  return groups.flatMap(({ kind, code, first }) => first.map(({ key, message }) => ({
    record: key, operation: kind, reason: code, members: [], note: code, fields: null, before: null, message,
  })))
}

async function kept(made: Plan): Promise<ShownLine[]> {
  const notes: readonly KeepNote[] = ['already-in-place', 'theirs', 'nothing-to-do']
  const lines = await Promise.all(notes.map(async (note) => (await made.kept(note, shownKept)).map(({ key, members }) => ({
    record: key, operation: 'keep', reason: note, members: members.map(made.nameOf), note, fields: null, before: null, message: null,
  }))))
  return lines.flat()
}

function fieldsIn(json: string | null): Fields | null {
  return json === null ? null : JSON.parse(json) as Fields
}
