import type { HttpReply } from '../../../connect/index.ts'
import { observedTag } from './read-tags.ts'

/** Seconds that the clocks of a vendor's machines may be apart. */
const tolerance = 2

/**
 * Does the answer to attaching a tag prove that the tag was there before? It does when the tag was put on before `since`, the
 * time by Intercom's clock at which this Run had not written yet (a time taken from this very answer would not do: an
 * earlier attempt of the same call may be what put it on); or when it is on in another name than the one we gave. Contacts are
 * tagged in no name of our giving, and nothing documents which one Intercom takes: for them only time counts.
 */
export function provesAlreadyThere(reply: HttpReply, since: number | undefined, givenAdmin: string | undefined): boolean {
  const held = observedTag(reply.body)
  if (held?.appliedAt === undefined) return false
  const inOtherName = givenAdmin !== undefined && held.appliedBy !== undefined && held.appliedBy !== givenAdmin
  return inOtherName || (since !== undefined && held.appliedAt < since - tolerance)
}
