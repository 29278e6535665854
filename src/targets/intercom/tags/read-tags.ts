import type { z } from 'zod'
import {
  Fault,
  readEach,
  type ObservedGroup,
  type HttpReply,
  type Identity,
  type Io,
  type Observed,
} from '../../../connect/index.ts'
import { rejection, requestOf, succeeded, throwIfFault } from '../answer.ts'
import { invalidId } from '../identity.ts'
import { markOthers, type Author } from './write-author.ts'
import { tagReply, tagsReply, readPart } from '../replies.ts'

/** The current tags of each target record, by direct reads: lists and searches lag by minutes. */
export async function* readTags(
  io: Io,
  noun: string,
  want: readonly Identity[],
  pathOf: (id: string) => string,
  tagsOf: (body: unknown) => unknown,
  author: Author | undefined,
): AsyncGenerator<Observed> {
  yield* readEach(want, async (identity): Promise<Observed> => {
    if (invalidId(identity) !== undefined) return { identity, groups: null }
    const reply = await io.http.send({ method: 'GET', path: pathOf(identity.value), effect: 'read', repeatable: true })
    if (doesNotExist(reply, noun, identity)) return { identity, groups: null }
    return {
      identity,
      targetId: identity.value,
      groups: markOthers(observedTags(tagsOf(reply.body), reply, `GET for the tags of a ${noun}`), author),
    }
  })
}

/** True when a direct read proves that the target record does not exist; throws when the answer proves nothing. */
export function doesNotExist(reply: HttpReply, noun: string, identity: Identity, doing = `read ${noun} tags`): boolean {
  throwIfFault(reply, doing)
  if (succeeded(reply)) return false
  const outcome = rejection(reply, noun, identity)
  if (outcome.status === 'rejected' && ['not-found', 'invalid-value', 'too-large'].includes(outcome.code)) return true
  throw new Fault(
    'config',
    `Intercom rejected the read of the ${noun}: ${outcome.status === 'rejected' ? outcome.message : ''}`,
    {
      code: 'read-refused',
      advice: 'See the text of Intercom. The token may have no access to the record.',
      ...requestOf(reply),
    },
  )
}

/**
 * A list of tags as Intercom shows it on a target record. Some lists have the time (unix seconds) and the author,
 * others only the id.
 */
export function observedTags(tags: unknown, reply: HttpReply, request: string): readonly ObservedGroup[] {
  return readPart(tagsReply, tags, reply, request).map(asGroup)
}

/** One tag as shown in the answer to tagging; undefined where it is not as documented. */
export function observedTag(tag: unknown): ObservedGroup | undefined {
  const read = tagReply.safeParse(tag)
  return read.success ? asGroup(read.data) : undefined
}

function asGroup({ id, applied_at: at, applied_by: by }: z.output<typeof tagReply>): ObservedGroup {
  return {
    id,
    ...(typeof at === 'number' ? { appliedAt: at } : {}),
    ...(typeof by?.id === 'string' ? { appliedBy: by.id } : {}),
  }
}
