import { Fault } from '../../model/fault.ts'
import { isDatabaseFault } from './database-faults.ts'
import type { DeliveryEnd } from '../delivery/deliver.ts'

/** Transient Faults that do not concern the Target: the Activation's lock, and resources of this machine. */
const notOfTheTarget: ReadonlySet<string> = new Set([
  'already-running',
  'disk-full',
  'out-of-memory',
  'too-many-files',
  'interrupted',
])

export interface PlanningEnded {
  readonly fault: Fault
  /** Both connections are open, and the Target is being read. */
  readonly hasBegun: boolean
  readonly isOverTime: boolean
}

/**
 * How a Fault before the first write ends the Run. If the time limit was reached, or the Target stopped answering, the
 * Run is deferred and resumes automatically. Nothing was written.
 */
export function planningCutShort({ fault, hasBegun, isOverTime }: PlanningEnded): DeliveryEnd | undefined {
  if (fault.kind !== 'transient' || notOfTheTarget.has(fault.code) || isDatabaseFault(fault.code)) return undefined
  // This Fault names the Activations that the Run waited for.
  if (fault.code === 'shared-group-busy') return { how: 'run-deferred', fault }
  if (fault.code === 'limit-exhausted') return { how: 'limit-exhausted', fault }
  if (isOverTime || fault.code === 'time-limit') return { how: 'time-limit' }
  return hasBegun ? { how: 'trouble', fault } : undefined
}

/**
 * How a Fault ends the Run while delivery is prepared, for example while a tag is created. Transient Faults defer the
 * Run.
 */
export function endOfPreparing(fault: Fault): DeliveryEnd {
  const end = planningCutShort({ fault, hasBegun: true, isOverTime: false })
  return end?.how === 'trouble' ? { how: 'run-deferred', fault } : (end ?? { how: 'fault', fault })
}

/** The Fault to report for a delivery that ended early. */
export function faultOfEnd(end: DeliveryEnd, hasSent: boolean): Fault | undefined {
  if (end.how === 'time-limit') {
    const when = hasSent
      ? 'during delivery; records that were not sent are on hold'
      : 'during planning; nothing was written'
    return new Fault('transient', `The Run reached its time limit ${when}.`, {
      code: 'time-limit',
      advice: 'Run it again: the next Run continues where this Run stopped. Or raise timeLimit.',
    })
  }
  return 'fault' in end ? end.fault : undefined
}
