import { notice, type Notice } from '../../../model/notice.ts'
import { saveMapping } from '../../../store/runs/runs.ts'
import { mappingChange } from '../../../rules/mapping-words.ts'
import type { RunContext } from '../../run-context.ts'
import type { MappingPlan } from './map-fields.ts'

/** Saves this Run's mapping. Records whose values have a new source count as changed; the notice explains why. */
export async function mappingNotices(
  { ports, lease: { runId, activationId } }: RunContext,
  { words }: MappingPlan,
): Promise<Notice[]> {
  const last = await saveMapping(ports.database, runId, activationId, words)
  const change = last && mappingChange(last.mapping, words)
  return change === undefined
    ? []
    : [
        notice('mapping-changed', `The mapping changed since Run ${last?.run}: ${change}.`, {
          sinceRun: last?.run ?? null,
          change,
        }),
      ]
}
