import type { HttpReply } from '../../../connect/index.ts'
import { observedTag } from './read-tags.ts'

/** Maximum clock difference between Intercom's machines, in seconds. */
const tolerance = 2

/**
 * Whether the answer to attaching a tag proves that the tag was there before: it was applied before `since`, or by
 * another admin than the one we sent. `since` is Intercom's time before this Run wrote anything; the time of this
 * answer would not do, because an earlier attempt of the same call may have applied the tag. Contact tagging sends no
 * admin, and the one Intercom uses is undocumented, so contacts compare only the time.
 */
export function provesAlreadyThere(
  reply: HttpReply,
  since: number | undefined,
  givenAdmin: string | undefined,
): boolean {
  const held = observedTag(reply.body)
  if (held?.appliedAt === undefined) return false
  const inOtherName = givenAdmin !== undefined && held.appliedBy !== undefined && held.appliedBy !== givenAdmin
  return inOtherName || (since !== undefined && held.appliedAt < since - tolerance)
}
