import type { Pool } from 'pg'
import { Fault } from '../model/fault.ts'
import { settleBatches, type Holder } from '../store/settle.ts'
import { readUnsettled } from '../store/unsettled.ts'
import type { DeliveryEnd } from './deliver.ts'

/**
 * Puts in doubt what was marked and never settled, since the control database was away just then: it may have been sent, so the next
 * Run has to look before it does anything about it.
 */
export async function doubtUnsettled(pool: Pool, holder: Holder): Promise<void> {
  for (const batch of await readUnsettled(pool, holder)) {
    await settleBatches(pool, holder, [{
      batch, outcomes: batch.ordinals.map((ordinal) => ({ ordinal, outcome: { status: 'uncertain', code: 'interrupted', message: 'It was about to be sent, or sent, and what became of it could not be written down.' } })),
    }])
  }
}

/** Nobody asked to stop a Run that stopped because it had lost its lock. */
export function unlessLeaseLost(signal: AbortSignal, end: DeliveryEnd): DeliveryEnd {
  const lost = leaseLost(signal)
  return lost === undefined || end.how === 'done' ? end : { how: 'fault', fault: lost }
}

export function leaseLost({ aborted, reason }: AbortSignal): Fault | undefined {
  return aborted && Fault.is(reason) && reason.code === 'lease-lost' ? reason : undefined
}
