import { Fault } from '../../model/fault.ts'
import type { DeliveryEnd } from '../delivery/deliver.ts'

/** The Fault to report if the signal was aborted because the Run lost its Activation's lock. */
export function lostLease({ aborted, reason }: AbortSignal): Fault | undefined {
  return aborted && Fault.is(reason) && reason.code === 'lease-lost' ? reason : undefined
}

/** A Run that lost its lock was not cancelled: report the lost lease instead. */
export function unlessLeaseLost(signal: AbortSignal, end: DeliveryEnd): DeliveryEnd {
  const fault = lostLease(signal)
  return fault === undefined || end.how === 'done' ? end : { how: 'fault', fault }
}
