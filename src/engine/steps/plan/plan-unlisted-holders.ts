import { Fault } from '../../../model/fault.ts'
import type { Key } from '../../../model/record.ts'
import { insertOperations } from '../../../store/plans/operations.ts'
import { unlistedHolders } from '../../../store/snapshot/unlisted-holders.ts'
import type { Leaving } from '../../../store/snapshot/shared-links.ts'
import { directField } from '../../lookup/addresses.ts'
import { groupIds } from '../../lookup/choose-index-lookup.ts'
import type { TargetLink } from '../open/open-connections.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import type { RunContext } from '../../run-context.ts'
import { findDesiredElsewhere } from '../open/shared-groups.ts'

export interface UnlistedHoldersRequest {
  readonly staged: StagedRecords
  /** Number of lines that the Plan already has. */
  readonly lines: number
}

/**
 * `ownership: enforce` removes every holder that is not in the query, including external ones. Links that another
 * Activation desires stay. Returns the number of added lines.
 */
export async function planUnlistedHolders(
  context: RunContext,
  link: TargetLink,
  request: UnlistedHoldersRequest,
): Promise<number> {
  const { activation, ports, lease } = context
  if (link.listing === undefined) {
    throw new Fault(
      'config',
      `${activation.object.label} cannot be listed, so Tailrace cannot find the other records with the tag.`,
      {
        code: 'cannot-enforce',
        advice: 'Use ownership: respect or adopt.',
        where: `activation "${activation.name}"`,
      },
    )
  }
  if (directField(activation) !== activation.identifier.field) {
    throw new Fault(
      'config',
      `The other records with the tag are listed by id only, and the identifier of this Activation is ${activation.identifier.field}.`,
      {
        code: 'cannot-enforce',
        advice: 'Use ownership: respect or adopt, or create an Activation whose identifier is the id.',
        where: `activation "${activation.name}"`,
      },
    )
  }
  let { lines } = request
  for (const id of new Set(groupIds(link))) {
    for await (const page of link.listing.holders(link.io, link.resolved.ready, id, activation.identifier.field)) {
      const unlisted = await unlistedHolders(ports.database, { ...request, group: id, runId: lease.runId }, page)
      const desiredElsewhere = await findDesiredElsewhere(
        context,
        link,
        unlisted.map((key) => leavingOf(activation.identifier.field, key)),
      )
      const keys = unlisted.filter((key) => desiredElsewhere.get(key)?.has(id) !== true)
      await insertOperations(
        ports.database,
        lease.runId,
        lines + 1,
        keys.map((key) => ({
          key,
          group: id,
          kind: 'detach',
          reason: 'left',
          note: null,
          desired: null,
          sent: null,
        })),
      )
      lines += keys.length
    }
  }
  return lines - request.lines
}

function leavingOf(field: string, key: Key): Leaving {
  return field === 'id' ? { key, targetId: key, names: [] } : { key, targetId: null, names: [{ field, value: key }] }
}
