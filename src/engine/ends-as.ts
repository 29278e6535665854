import type { Fault } from '../model/fault.ts'
import { endStatus, type Counts, type RunStatus } from '../model/run.ts'
import type { Verified } from '../model/observed.ts'
import type { DeliveryEnd } from './delivery/deliver.ts'

/** The status a Run ends with, by its counts and by what ended it. */
export function endsAs(
  counts: Counts,
  { missing }: Verified,
  end: DeliveryEnd | undefined,
  fault: Fault | undefined,
): RunStatus {
  if (end?.how === 'cancelled' || fault?.kind === 'cancelled') return 'cancelled'
  if (end?.how === 'trouble' || end?.how === 'put-off' || end?.how === 'time-limit' || fault?.code === 'time-limit')
    return 'deferred'
  if (fault?.kind === 'blocked' || fault?.kind === 'stopped') return fault.kind
  if (fault !== undefined) return 'failed'
  return missing > 0 ? 'completed with failures' : endStatus(counts)
}
