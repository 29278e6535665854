import { saveTargetClock } from '../../store/runs/runs.ts'
import { sendWithCanary } from '../delivery/canary.ts'
import { deliver, type DeliveryEnd } from '../delivery/deliver.ts'
import { createExchangeKeeper } from '../delivery/exchange-keeper.ts'
import { openWait } from '../delivery/job-ticket.ts'
import { putRestOnHold } from '../delivery/put-rest-on-hold.ts'
import { reportReadBack } from '../delivery/read-back.ts'
import { openReadBudget, unreadNotice } from '../delivery/read-before.ts'
import { saveCreatedGroups } from '../delivery/save-created-groups.ts'
import { asEngineFault } from '../delivery/send-slice.ts'
import { settleKeptLines } from '../delivery/settle-kept-lines.ts'
import { unlessLeaseLost } from '../faults/lost-lease.ts'
import { endOfPreparing } from '../faults/planning-ended.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import { isFresh, type TargetLink } from './open/open-connections.ts'
import type { PlannedRun } from './plan.ts'
import { createFields } from './read/map-fields.ts'

/** What delivery needs of a Plan. */
export type PlanToDeliver = Pick<PlannedRun, 'link' | 'fieldPlan' | 'lines' | 'planned'>

/**
 * Marks, sends and settles the Plan's Operations, batch by batch. Missing groups and Fields are created first, if there
 * is anything to write. Reads back what was delivered, if the Activation asks for it.
 */
export async function deliverPlan(
  context: RunContext,
  progress: RunProgress,
  plan: PlanToDeliver,
): Promise<DeliveryEnd> {
  const { activation, signal } = context
  progress.hasDelivered = true
  const sent = await send(context, progress, plan).catch((error: unknown): DeliveryEnd => ({
    how: 'fault',
    fault: asEngineFault(error),
  }))
  const end = unlessLeaseLost(signal, sent)
  if (end.how !== 'done') await putRestOnHold(context, end)
  else if (activation.verify !== undefined && activation.verify !== 'none' && plan.planned > 0) {
    const { verified, notices } = await reportReadBack(context, plan.link, activation.verify)
    progress.verified = verified
    progress.notices.push(...notices)
  }
  return end
}

async function send(context: RunContext, progress: RunProgress, plan: PlanToDeliver): Promise<DeliveryEnd> {
  const { activation, ports, lease, allow, signal } = context
  const { link, fieldPlan, lines, planned } = plan
  if (ports.stop.aborted) return { how: 'cancelled' }
  await progress.enter('delivering')
  await progress.reads?.forget()
  if (planned === 0) {
    await settleKeptLines(context, plan)
    return { how: 'done' }
  }
  const resolved = await createMissing(context, progress, plan).catch((error: unknown): DeliveryEnd =>
    endOfPreparing(asEngineFault(error)),
  )
  if ('how' in resolved) return resolved
  progress.notices.push(...(await saveCreatedGroups(context, link, resolved)))
  await saveTargetClock(ports.database, lease.runId, link.clock.now())
  await settleKeptLines(context, plan)
  const { added } = activation.behavior.plan
  link.client.expect(activation.object.countCalls(resolved.ready, added ?? 'attach', planned))
  const exchanges = createExchangeKeeper(link.client)
  const reads = openReadBudget(activation.behavior.plan.removed !== null)
  const addressee = {
    io: link.io,
    object: activation.object,
    resolved,
    identifierField: activation.identifier.field,
    onlyIfEmpty: fieldPlan?.mapping.onlyIfEmpty ?? new Set<string>(),
    wait: openWait({ stop: ports.stop, deadline: progress.deadline, now: ports.now }, signal),
  }
  const end = await sendWithCanary(context, link, lines, (stretch) =>
    deliver({
      database: ports.database,
      lease,
      client: link.client,
      addressee,
      exchanges,
      reads,
      stop: ports.stop,
      deadline: progress.deadline,
      now: ports.now,
      stretch,
      failureLimit: allow.includes('failures') ? 'off' : activation.limits.failures,
      onAnswers: (answered, failed) => {
        progress.answers = { answered, failed }
        progress.show()
      },
    }),
  )
  progress.notices.push(...unreadNotice(reads))
  return end
}

/**
 * Creates missing groups and Fields. After a long read it resolves the groups again, because some calls address tags by
 * their current name.
 */
async function createMissing(
  { activation, ports }: RunContext,
  progress: RunProgress,
  { link, fieldPlan }: PlanToDeliver,
): Promise<TargetLink['resolved']> {
  if (fieldPlan !== undefined) progress.notices.push(...(await createFields(activation, link, fieldPlan.toCreate)))
  return link.resolved.toCreate.length === 0 && isFresh(link, ports.now())
    ? link.resolved
    : await activation.object.prepare(link.io, link.resolved.ready)
}
