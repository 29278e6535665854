import { Fault } from '../../model/fault.ts'
import { countAtWork } from '../../store/snapshot/job-tickets.ts'
import { firstFailure, lineOfWrite } from '../../store/snapshot/verification.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { DeliveryEnd, Stretch } from './deliver.ts'
import type { RunContext } from '../run-context.ts'
import { readBack } from './read-back.ts'

/** Sends the first writes of a Plan and reads them back. Sends the rest only if all of them are as written. */
export async function sendWithCanary(
  context: RunContext,
  link: TargetLink,
  lines: number,
  send: (stretch: Stretch) => Promise<DeliveryEnd>,
): Promise<DeliveryEnd> {
  const { canary } = context
  if (canary === undefined) return await send({ after: 0, upTo: lines })
  const upTo = (await lineOfWrite(context.ports.database, context.lease.runId, canary)) ?? lines
  const end = await send({ after: 0, upTo })
  if (end.how !== 'done') return end
  const surprise = await firstSurprise(context, link, upTo)
  if (surprise !== undefined) return surprise
  return upTo === lines ? end : await send({ after: upTo, upTo: lines })
}

/** Checks the canary's writes. A rejected or missing write stops the Run; no clear answer counts as an outage. */
async function firstSurprise(context: RunContext, link: TargetLink, upTo: number): Promise<DeliveryEnd | undefined> {
  if ((await countAtWork(context.ports.database, context.lease.runId)) > 0)
    return { how: 'trouble', fault: canaryUnclear('the Target still works on them.') }
  const failed = await firstFailure(context.ports.database, context.lease.runId, upTo)
  if (failed?.status === 'rejected')
    return { how: 'guarded', fault: canaryFailed(`"${failed.key}" was not loaded: ${failed.message ?? ''}`) }
  if (failed !== undefined)
    return { how: 'trouble', fault: canaryUnclear(`"${failed.key}" got no clear answer: ${failed.message ?? ''}`) }
  const { lost, unread } = await readBack(context, link, { upTo })
  if (lost !== undefined)
    return { how: 'guarded', fault: canaryFailed(`"${lost}" was confirmed, but does not hold what was written.`) }
  return unread === undefined
    ? undefined
    : { how: 'trouble', fault: canaryUnclear(`"${unread}" could not be read back.`) }
}

function canaryUnclear(words: string): Fault {
  return new Fault(
    'transient',
    `The result of the first few records is not confirmed, so the other records were not sent: ${words}`,
    {
      code: 'target-down',
      advice: 'Run it again when the Target answers. The Run continues where it stopped.',
    },
  )
}

function canaryFailed(words: string): Fault {
  return new Fault('stopped', `The canary stopped the Run: ${words}`, {
    code: 'canary-failed',
    advice:
      'Only the first few records were sent; the others are on hold. See "tailrace show" and this record in the Target.',
  })
}
