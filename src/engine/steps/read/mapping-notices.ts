import { notice, type Notice } from '../../../model/notice.ts'
import { saveMapping } from '../../../store/runs/runs.ts'
import { mappingChange } from '../../../rules/mapping-words.ts'
import type { RunContext } from '../../run-context.ts'
import type { MappingPlan } from './map-fields.ts'

/** Writes down the mapping of this Run. Records whose values come from elsewhere than last time count as changed: people are told why. */
export async function mappingNotices({ ports, lease: { runId, activationId } }: RunContext, { words }: MappingPlan): Promise<Notice[]> {
  const last = await saveMapping(ports.database, runId, activationId, words)
  const change = last && mappingChange(last.mapping, words)
  return change === undefined ? [] : [notice('mapping-changed', `The mapping changed since Run ${last?.run}: ${change}.`, { sinceRun: last?.run ?? null, change })]
}
