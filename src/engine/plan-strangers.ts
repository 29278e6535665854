import { Fault } from '../model/fault.ts'
import type { Key } from '../model/record.ts'
import { insertOperations } from '../store/operations.ts'
import { outsiders } from '../store/outsiders.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'

export interface StrangersRequest {
  readonly stage: string
  /** Keys of refused rows: they are in the query, so they are no strangers. */
  readonly duplicates: readonly Key[]
  readonly duplicatesAreAll: boolean
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
  if (!request.duplicatesAreAll) {
    throw new Fault('config', 'Too many duplicate identifiers to tell who is in the query.', {
      code: 'too-many-duplicates', advice: 'Make the identifier unique in the query, e.g. with "select distinct".', where: `activation "${activation.name}"`,
    })
  }
  let { lines } = request
  for (const { id } of link.resolved.members) {
    if (id === null) continue
    for await (const page of link.survey.holders(link.io, link.resolved.ready, id, activation.identifier.field)) {
      const keys = await outsiders(ports.database, holder.runId, request.stage, page, request.duplicates)
      await insertOperations(ports.database, holder.runId, lines + 1, keys.map((key) => ({
        key, kind: 'remove', reason: 'left', members: [id], note: null, wants: null, parts: 1, doubt: null, held: null,
      })))
      lines += keys.length
    }
  }
  return lines - request.lines
}
