import { Fault } from '../../model/fault.ts'
import type { DeliveryEnd } from '../delivery/deliver.ts'

/** Why a Run must stop at once, where that is because it lost its Activation's lock. */
export function lostLease({ aborted, reason }: AbortSignal): Fault | undefined {
  return aborted && Fault.is(reason) && reason.code === 'lease-lost' ? reason : undefined
}

/** Nobody asked to stop a Run that stopped because it had lost its lock. */
export function unlessLeaseLost(signal: AbortSignal, end: DeliveryEnd): DeliveryEnd {
  const fault = lostLease(signal)
  return fault === undefined || end.how === 'done' ? end : { how: 'fault', fault }
}
