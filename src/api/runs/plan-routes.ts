import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { countLedgerPlan, readStoredPlan, type PlanGuard, type RunPlan } from '../../store/plans/stored-plans.ts'
import { writingKinds } from '../../store/plans/operations.ts'
import type { ListedRun } from '../../store/runs/run-pages.ts'
import { mount } from '../mount.ts'
import { reasonWords } from '../../catalogue.ts'
import type { Services } from '../services.ts'
import { readRunPlan, type runPlan } from './contract.ts'
import { requireRun, namesIn } from './show-run.ts'

const writing: ReadonlySet<string> = new Set(writingKinds)

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
  } = services

  mount(app, services, readRunPlan, async ({ params: { run: id } }) => {
    const run = await requireRun(pool, id)
    const plan =
      (await readStoredPlan(pool, run.id)) ??
      (run.finishedAt === null ? undefined : await countLedgerPlan(pool, run.id))
    return showPlanOf(run, plan)
  })
}

/** The plan of a Run as the Run's page shows it. Undefined: none is stored. */
export function showPlanOf(run: ListedRun, plan: RunPlan | undefined): Shown {
  return plan === undefined ? withoutPlan(run) : showRunPlan(run, plan)
}

type Shown = z.output<typeof runPlan>

/** A shelved Run had nothing to do, which counts as a Plan. */
function withoutPlan(run: ListedRun): Shown {
  const state = run.finishedAt === null ? 'pending' : run.status === 'shelved' ? 'planned' : 'none'
  return {
    state,
    groups: [],
    writes: 0,
    calls: { estimated: null, made: run.requests.write ?? 0 },
    guardrails: guardrails(run, null),
  }
}

function showRunPlan(run: ListedRun, { groups, samples, calls, guards }: RunPlan): Shown {
  const nameOf = namesIn(run)
  return {
    state: 'planned',
    groups: groups.map(({ kind, reason, note, code, lines, links }, at) => ({
      operation: kind,
      reason,
      code: code ?? note,
      title: code === null ? null : reasonWords(code).title,
      lines,
      links,
      sample: (samples[at] ?? []).map(({ key, group, before, after, message }) => ({
        record: key,
        groups: group === '' ? [] : [nameOf(group)],
        before: before && { ...before },
        after: after && { ...after },
        message,
      })),
    })),
    writes: groups.filter(({ kind }) => writing.has(kind)).reduce((sum, { lines }) => sum + lines, 0),
    calls: { estimated: calls, made: run.requests.write ?? 0 },
    guardrails: guardrails(run, guards),
  }
}

/** The guardrail `create` is checked before the Plan exists, so its override appears only in `allowed`. */
function guardrails({ allowed }: ListedRun, guards: readonly PlanGuard[] | null): PlanGuard[] {
  const stored = guards ?? []
  return [
    ...stored,
    ...allowed
      .filter((rule) => !stored.some((guard) => guard.rule === rule))
      .map((rule) => ({ rule, words: null, overridden: true })),
  ]
}
