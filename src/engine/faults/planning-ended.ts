import { Fault } from '../../model/fault.ts'
import { isDatabaseFault } from './database-faults.ts'
import type { DeliveryEnd } from '../delivery/deliver.ts'

/** Troubles of the control database and of the lock: the Run cannot even write down how it ended, or is another's. */
const notOfTheTarget: ReadonlySet<string> = new Set(['already-running', 'disk-full', 'out-of-memory', 'too-many-files', 'interrupted'])

export interface PlanningEnded {
  readonly fault: Fault
  /** Both sides were reached, and the Target is being asked. */
  readonly hasBegun: boolean
  readonly isOverTime: boolean
}

/**
 * What a Fault before the first write means: where the time limit was reached, or the Target stopped answering while it was asked what it
 * holds, the Run is put off, and goes on by itself. Nothing was written.
 */
export function planningCutShort({ fault, hasBegun, isOverTime }: PlanningEnded): DeliveryEnd | undefined {
  if (fault.kind !== 'transient' || notOfTheTarget.has(fault.code) || isDatabaseFault(fault.code)) return undefined
  // It says whom it waited for, all the time that there was.
  if (fault.code === 'shared-group-busy') return { how: 'put-off', fault }
  if (isOverTime || fault.code === 'time-limit') return { how: 'time-limit' }
  return hasBegun ? { how: 'trouble', fault } : undefined
}

/** What a Fault means that comes while the delivery is prepared, as when a tag is created: what passes puts the Run off. */
export function endOfPreparing(fault: Fault): DeliveryEnd {
  const end = planningCutShort({ fault, hasBegun: true, isOverTime: false })
  return end?.how === 'trouble' ? { how: 'put-off', fault } : end ?? { how: 'fault', fault }
}

/** What a Run says of why it was cut short. */
export function faultOfEnd(end: DeliveryEnd, hasSent: boolean): Fault | undefined {
  if (end.how === 'time-limit') {
    const when = hasSent ? 'while it delivered; what was not sent is on hold' : 'before it had planned all of it; nothing was written'
    return new Fault('transient', `The Run reached its time limit ${when}.`, { code: 'time-limit', advice: 'Run it again: it goes on where this one stopped. Or raise timeLimit.' })
  }
  return 'fault' in end ? end.fault : undefined
}
