import { Fault } from '../model/fault.ts'
import { insertOperations } from '../store/operations.ts'
import { outsiders } from '../store/outsiders.ts'
import { directField } from './addresses.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'

export interface StrangersRequest {
  readonly stage: string
  /** Lines the Plan has already. */
  readonly lines: number
}

/**
 * Under `ownership: enforce` a mirror means everybody: whoever carries the member and is not in the query loses it, whoever put it
 * there. Returns the lines it added to the Plan.
 */
export async function planStrangers(held: Held, link: TargetLink, request: StrangersRequest): Promise<number> {
  const { activation, ports, holder } = held
  if (link.survey === undefined) {
    throw new Fault('config', `${activation.object.label} cannot be listed, so nobody can be told who else carries the tag.`, {
      code: 'cannot-enforce', advice: 'Use ownership: respect or adopt.', where: `activation "${activation.name}"`,
    })
  }
  if (directField(activation) !== activation.identifier.field) {
    throw new Fault('config', `Who else carries the tag is known by id only, and this Activation names its records by ${activation.identifier.field}.`, {
      code: 'cannot-enforce', advice: 'Use ownership: respect or adopt, or make an Activation whose identifier is the id.', where: `activation "${activation.name}"`,
    })
  }
  let { lines } = request
  for (const { id } of link.resolved.members) {
    if (id === null) continue
    for await (const page of link.survey.holders(link.io, link.resolved.ready, id, activation.identifier.field)) {
      const keys = await outsiders(ports.database, holder.runId, request.stage, page)
      await insertOperations(ports.database, holder.runId, lines + 1, keys.map((key) => ({
        key, kind: 'detach', reason: 'left', members: [id], note: null, wants: null, parts: 1, doubt: null, held: null,
      })), true)
      lines += keys.length
    }
  }
  return lines - request.lines
}
