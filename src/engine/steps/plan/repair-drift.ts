import { notice, type Notice } from '../../../model/notice.ts'
import type { RunContext } from '../../run-context.ts'
import { verifySynced } from '../../verify.ts'
import type { TargetLink } from '../open/open-connections.ts'

/**
 * Finds links and values that changed in the Target and must be repaired. They become unconfirmed, so this Run plans,
 * reads and sends them like other unconfirmed Records. `report`: for notices.
 */
export async function repairDrift(
  { activation, ports, lease: { activationId } }: RunContext,
  link: TargetLink,
  report: (notice: Notice) => void,
): Promise<void> {
  const { due } = await verifySynced(
    { activation, activationId, ports, link, reportProgress: report },
    { repair: true, evenRecent: false },
  )
  if (due === 0) return
  const records = due === 1 ? '1 record does' : `${due} records do`
  const words = `${records} not hold what was written. The Run repairs this, because of drift: repair.`
  report(notice('drift-repaired', words, { records: due }))
}
