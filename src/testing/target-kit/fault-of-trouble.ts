import type { FaultRule } from '../../emulator-kit/faults.ts'
import type { RecordTrouble } from '../record-kit/record-harness.ts'
import type { Trouble } from './target-harness.ts'

const effects: Readonly<Record<RecordTrouble['kind'], FaultRule['effect']>> = {
  'too-many': { type: 'status', status: 429 },
  unavailable: { type: 'status', status: 503 },
  html: { type: 'html' },
  'html-after': { type: 'html', applied: true },
  'lost-before': { type: 'reset' },
  'lost-after': { type: 'reset', applied: true },
  empty: { type: 'empty' },
  'empty-after': { type: 'empty', applied: true },
  slow: { type: 'slow', ms: 60_000 },
  revoke: { type: 'revoke' },
}

/** The kit's trouble as a fault of an emulator, for the requests from now on. */
export function faultOf({ kind, nth, count }: Trouble | Omit<RecordTrouble, 'writesOnly'>): FaultRule {
  return {
    effect: effects[kind],
    ...(nth !== undefined && { nth }),
    ...(count !== undefined && { count }),
  }
}
