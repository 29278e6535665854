import type { HttpReply, HttpRequest, Io, Operation, Outcome } from '../../../connect/index.ts'
import { adminNotFound } from '../admin.ts'
import { property, rejection, requestOf, succeeded, throwIfFault, vendorError } from '../answer.ts'
import { observedTag } from './read-tags.ts'
import { learnAuthor } from './write-author.ts'
import { tagNotNamed } from '../replies.ts'
import type { Ready } from './resolve-tags.ts'
import { readTag, tagVanished } from './tags.ts'

/** An object whose target records have their own tag paths. */
export interface TaggedObject {
  readonly noun: 'contact' | 'conversation' | 'ticket'
  attach(id: string, tagId: string): Pick<HttpRequest, 'method' | 'path' | 'body'>
  detach(id: string, tagId: string): Pick<HttpRequest, 'method' | 'path' | 'body'>
  /** Path of the target record. */
  itself(id: string): string
  readonly adminId?: string
}

/**
 * Attaches or detaches a tag. Both are safe to repeat: attaching again answers 200, and so does detaching an absent tag,
 * with `applied_at: null` (Intercom-OpenAPI commit 8184aad).
 */
export async function tagOne(io: Io, ready: Ready, targetRecord: TaggedObject, operation: Operation): Promise<Outcome> {
  const { identity, kind, group: tagId } = operation
  const request =
    kind === 'attach' ? targetRecord.attach(identity.value, tagId) : targetRecord.detach(identity.value, tagId)
  const reply = await io.http.send({ ...request, effect: 'write', repeatable: true })
  throwIfFault(reply, `${kind === 'attach' ? 'attach tags to' : 'detach tags from'} ${targetRecord.noun}s`)
  if (succeeded(reply)) {
    const outcome = success(reply, ready, targetRecord, operation, tagId)
    if (kind === 'attach' && outcome.status === 'delivered')
      await learnAuthor(io, ready.author, observedTag(reply.body), reply)
    return outcome
  }
  const outcome =
    reply.status === 404
      ? await whatIsMissing(io, ready, targetRecord, operation, tagId, reply)
      : rejection(reply, targetRecord.noun, identity)
  return namingTag(outcome, nameOf(ready, tagId))
}

/** Adds the tag's name to a rejection, unless the target record itself does not exist. */
export function namingTag(outcome: Outcome, tag: string): Outcome {
  return outcome.status === 'rejected' && !isMissing(outcome)
    ? { ...outcome, message: `Tag "${tag}": ${outcome.message}` }
    : outcome
}

function isMissing(outcome: Outcome): boolean {
  return outcome.status === 'rejected' && outcome.code === 'not-found'
}

function success(
  reply: HttpReply,
  ready: Ready,
  targetRecord: TaggedObject,
  { kind }: Operation,
  tagId: string,
): Outcome {
  if (observedTag(reply.body)?.id !== tagId)
    return tagNotNamed(
      kind === 'attach' ? `POST /${targetRecord.noun}s/{id}/tags` : `DELETE /${targetRecord.noun}s/{id}/tags/{tag_id}`,
      reply,
    )
  const wasSo =
    kind === 'attach'
      ? provesAlreadyThere(reply, ready.since, targetRecord.adminId)
      : property(reply.body, 'applied_at') === null
  return { status: wasSo ? 'in-place' : 'delivered', ...requestOf(reply) }
}

/**
 * A 404 with the same code may mean the target record, the tag or the admin. Where the message does not say which,
 * read them.
 */
async function whatIsMissing(
  io: Io,
  ready: Ready,
  targetRecord: TaggedObject,
  { identity }: Operation,
  tagId: string,
  reply: HttpReply,
): Promise<Outcome> {
  const { code, message } = vendorError(reply)
  if (code === 'admin_not_found') throw adminNotFound(targetRecord.adminId ?? '', reply.requestId)
  if (code === 'ticket_not_found') return rejection(reply, targetRecord.noun, identity)
  if (code === 'not_found' && /^(user|contact|conversation) not found$/i.test(message))
    return rejection(reply, targetRecord.noun, identity)
  if ((await readTag(io, tagId)) === undefined) throw tagVanished(nameOf(ready, tagId), tagId)
  const read = await io.http.send({
    method: 'GET',
    path: targetRecord.itself(identity.value),
    effect: 'read',
    repeatable: true,
  })
  throwIfFault(read, `read ${targetRecord.noun}s`)
  if (read.status === 404 || read.status === 410) return rejection(read, targetRecord.noun, identity)
  return {
    status: 'rejected',
    code: 'refused',
    httpStatus: reply.status,
    ...requestOf(reply),
    message: `Intercom answered ${message || code || '404'}, although both the ${targetRecord.noun} and the tag exist.`,
  }
}

function nameOf(ready: Ready, tagId: string): string {
  return ready.tags.find((tag) => tag.id === tagId)?.name ?? tagId
}

/** Maximum clock difference between Intercom's machines, in seconds. */
const tolerance = 2

/**
 * Whether the answer to attaching a tag proves that the tag was there before: it was applied before `since`, or by
 * another admin than the one we sent. `since` is Intercom's time before this Run wrote anything; the time of this
 * answer would not do, because an earlier attempt of the same call may have applied the tag. Contact tagging sends no
 * admin, and the one Intercom uses is undocumented, so contacts compare only the time.
 */
function provesAlreadyThere(reply: HttpReply, since: number | undefined, givenAdmin: string | undefined): boolean {
  const held = observedTag(reply.body)
  if (held?.appliedAt === undefined) return false
  const inOtherName = givenAdmin !== undefined && held.appliedBy !== undefined && held.appliedBy !== givenAdmin
  return inOtherName || (since !== undefined && held.appliedAt < since - tolerance)
}
