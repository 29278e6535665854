import { Fault, readEach, type HeldMember, type HttpReply, type Identity, type Io, type Observed } from '../../connect/index.ts'
import { property, rejection, requestOf, succeeded, text, throwIfFault } from './answer.ts'
import { unaskable } from './identity.ts'
import { markOthers, type OurHand } from './our-hand.ts'
import { oddAnswer } from './tags.ts'

/** Which tags each of these things carries now, by direct reads: lists and searches lag by minutes. */
export async function* observeTags(
  io: Io, noun: string, want: readonly Identity[], pathOf: (id: string) => string, tagsOf: (body: unknown) => unknown, hand: OurHand | undefined,
): AsyncGenerator<Observed> {
  yield* readEach(want, async (identity): Promise<Observed> => {
    if (unaskable(identity) !== undefined) return { identity, members: null }
    const reply = await io.http.send({ method: 'GET', path: pathOf(identity.value), effect: 'read', repeatable: true })
    if (doesNotExist(reply, noun, identity)) return { identity, members: null }
    return { identity, targetId: identity.value, members: markOthers(heldTags(tagsOf(reply.body), reply), hand) }
  })
}

/** True when the answer to a direct read proves that there is no such thing; throws when it proves nothing. */
export function doesNotExist(reply: HttpReply, noun: string, identity: Identity, doing = `read ${noun} tags`): boolean {
  throwIfFault(reply, doing)
  if (succeeded(reply)) return false
  const outcome = rejection(reply, noun, identity)
  if (outcome.status === 'rejected' && ['not-found', 'invalid-value', 'too-large'].includes(outcome.code)) return true
  throw new Fault('config', `Intercom would not show the ${noun}: ${outcome.status === 'rejected' ? outcome.message : ''}`, {
    code: 'read-refused', advice: 'See what Intercom says; the record may be out of reach for this token.', ...requestOf(reply),
  })
}

/** A list of tags as Intercom shows it on a thing; some lists say since when (unix seconds) and by whom, others only which. */
export function heldTags(tags: unknown, reply: HttpReply): readonly HeldMember[] {
  if (!Array.isArray(tags)) throw oddAnswer('a read of tags', reply)
  return tags.map(heldTag).filter((tag) => tag !== undefined)
}

/** One tag as shown in such a list, or in the answer to tagging. */
export function heldTag(tag: unknown): HeldMember | undefined {
  const id = text(property(tag, 'id'))
  const at = property(tag, 'applied_at')
  const by = text(property(property(tag, 'applied_by'), 'id'))
  if (id === undefined) return undefined
  return { id, ...(typeof at === 'number' ? { appliedAt: at } : {}), ...(by === undefined ? {} : { appliedBy: by }) }
}
