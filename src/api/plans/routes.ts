import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Activation } from '../../engine/activation.ts'
import { planActivation as makePlanOf, type Plan, type PlanOptions } from '../../engine/plan-activation.ts'
import { Fault } from '../../model/fault.ts'
import { findActivation } from '../../store/project/activations.ts'
import { draftName, forgetDraft } from '../../store/plans/numbered-plans.ts'
import { knownRules } from '../known-rules.ts'
import { mount } from '../mount.ts'
import { requestPorts } from '../engine-ports.ts'
import type { Services } from '../services.ts'
import { makePlan, planActivation } from './contract.ts'
import { showPlan } from './show-plan.ts'

/** Time limit of a plan: longer than this looks broken in a browser. */
const mostMs = 120_000
export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    log,
    now,
  } = services

  const within = async <T>(
    signal: AbortSignal,
    activation: Activation,
    options: PlanOptions,
    use: (plan: Plan) => Promise<T>,
    afterwards = () => Promise.resolve(),
  ): Promise<T> => {
    const late = AbortSignal.timeout(mostMs)
    const made = makePlanOf(activation, requestPorts(services, AbortSignal.any([signal, late])), options, use)
      .catch((error: unknown) => {
        throw late.aborted ? tooLong(error) : error
      })
      .finally(afterwards)
    made.catch((error: unknown) =>
      log.debug('a plan could not be made', { message: error instanceof Error ? error.message : String(error) }),
    )
    return await Promise.race([made, whenAborted(late, tooLong)])
  }

  mount(app, services, makePlan, async ({ body: { name, config, sample }, signal }) => {
    const activation = await project.draftActivation(name, config)
    // An Activation that never ran has no state to compare with, and a plan must not leave any: use a temporary name.
    if ((await findActivation(pool, name)) !== undefined)
      return await within(signal, activation, {}, (made) => showPlan(made, sample))
    const draft = { ...activation, name: draftName(randomUUID()) }
    return await within(
      signal,
      draft,
      {},
      (made) => showPlan(made, sample),
      () => forgetDraft(pool, draft.name),
    )
  })

  mount(
    app,
    services,
    planActivation,
    async ({ params: { activation: name }, body: { allow, sample, minutes }, signal }) => {
      const activation = await project.activation(name)
      return await within(signal, activation, { allow: knownRules(allow), exact: true }, async (made) => {
        const shown = await showPlan(made, sample)
        const expiresAt = now() + minutes * 60_000
        return { ...shown, kept: { plan: await made.keep(expiresAt), expiresAt: new Date(expiresAt).toISOString() } }
      })
    },
  )
}

/** Rejects at once, because a query that is under way may not stop immediately. */
function whenAborted(signal: AbortSignal, fault: () => Fault): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(fault()), { once: true }))
}

function tooLong(cause?: unknown): Fault {
  return new Fault('transient', `The plan was not made within ${mostMs / 60_000} minutes.`, {
    code: 'plan-too-long',
    advice: 'Nothing was sent. Try a query that returns fewer rows, or use "tailrace plan", which has no time limit.',
    cause,
  })
}
