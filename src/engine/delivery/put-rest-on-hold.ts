import { writeRestOnHold } from '../../store/snapshot/marks.ts'
import type { DeliveryEnd } from './deliver.ts'
import { settleAsUnconfirmed } from './settle-as-unconfirmed.ts'
import type { RunContext } from '../run-context.ts'

/** Puts unsent Records on hold with a reason. Records that were marked and never settled become unconfirmed. */
export async function putRestOnHold(
  { ports: { database }, lease }: Pick<RunContext, 'ports' | 'lease'>,
  end: DeliveryEnd,
): Promise<void> {
  const words = {
    done: '',
    cancelled: 'The Run was cancelled before this record was sent.',
    'time-limit': 'The Run reached its time limit before this record was sent.',
    trouble: `The Target does not answer: ${'fault' in end ? end.fault.message : ''}`,
    'limit-exhausted': 'fault' in end ? end.fault.message : '',
    'run-deferred': `The Run was deferred before this record was sent: ${'fault' in end ? end.fault.message : ''}`,
    guarded: `A guardrail stopped the Run before this record was sent: ${'fault' in end ? end.fault.message : ''}`,
    fault: `The Run failed before this record was sent: ${'fault' in end ? end.fault.message : ''}`,
  }[end.how]
  await settleAsUnconfirmed(database, lease)
  await writeRestOnHold(database, lease, end.how === 'fault' ? 'run-failed' : end.how, words)
}
