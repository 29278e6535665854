import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { planActivation, type Plan, type PlanReport } from '../../engine/plan.ts'
import { Fault } from '../../model/fault.ts'
import type { Fields } from '../../model/field.ts'
import { findActivation } from '../../store/activations.ts'
import { draftName, forgetDraft } from '../../store/plan-runs.ts'
import type { KeepNote, PlannedOperation } from '../../store/operations.ts'
import { mount } from '../mount.ts'
import { requestPorts } from '../request-ports.ts'
import type { Services } from '../services.ts'
import { makePlan, type plan, type planLine } from './contract.ts'

/** A person who waits for longer thinks it broken. */
const mostMs = 120_000
/** Of what asks nothing, so many lines of each kind are shown. */
const shownKept = 3
const shownRefusals = 50

type ShownPlan = z.output<typeof plan>
type ShownLine = z.output<typeof planLine>

export function routes(app: FastifyInstance, services: Services): void {
  const { database: { pool }, project, log } = services

  mount(app, services, makePlan, async ({ body: { name, config, sample }, signal }) => {
    const activation = await project.draftActivation(name, config)
    const late = AbortSignal.timeout(mostMs)
    const ports = requestPorts(services, AbortSignal.any([signal, late]))
    // What never ran has nothing that a plan must know of, and shall have nothing after it.
    const isDraft = await findActivation(pool, name) === undefined
    const planned = isDraft ? { ...activation, name: draftName(randomUUID()) } : activation
    const made = planActivation(planned, ports, {}, (each) => show(each, sample))
      .catch((error: unknown) => {
        throw late.aborted ? tooLong(error) : error
      })
      .finally(() => isDraft ? forgetDraft(pool, planned.name) : undefined)
    made.catch((error: unknown) => log.debug('a plan was not made', { message: error instanceof Error ? error.message : String(error) }))
    return await Promise.race([made, whenAborted(late, tooLong)])
  })
}

/** A query that is under way may not end at once: who waits for it is told all the same. */
function whenAborted(signal: AbortSignal, fault: () => Fault): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(fault()), { once: true }))
}

function tooLong(cause?: unknown): Fault {
  return new Fault('transient', `The plan was not made within ${mostMs / 60_000} minutes.`, {
    code: 'plan-too-long', advice: 'Nothing was sent. Try a query that returns fewer rows, or use "tailrace plan", which takes the time it needs.', cause,
  })
}

async function show(made: Plan, sample: number): Promise<ShownPlan> {
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
