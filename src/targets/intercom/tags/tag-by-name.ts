import { Fault, type HttpReply, type Io } from '../../../connect/index.ts'
import { property, text, throwIfFault } from '../answer.ts'
import type { Ready } from './resolve-tags.ts'
import { sameName } from '../settings.ts'
import { readTag, tagVanished, type Tag } from './tags.ts'

/**
 * `POST /tags` with records addresses the tag by name, and creates it when no tag has that name. So the tag id in
 * each answer is compared with the expected one: a tag renamed or deleted during the Run is detected at the first
 * call.
 */
export async function postByName(
  io: Io,
  ready: Ready,
  tag: Tag,
  list: 'users' | 'companies',
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<HttpReply> {
  const reply = await io.http.send({
    method: 'POST',
    path: '/tags',
    body: { name: tag.name, [list]: records },
    effect: 'write',
    repeatable: true,
  })
  throwIfFault(reply, list === 'users' ? 'tag contacts' : 'tag companies')
  const answered = text(property(reply.body, 'type') === 'error.list' ? undefined : property(reply.body, 'id'))
  if (answered !== undefined && answered !== tag.id)
    throw await tagChanged(io, ready, tag, answered, records.length, reply.requestId)
  return reply
}

/** The tag with the name it had when the Run began. A tag of an older Run is read. */
export async function tagToAddress(io: Io, ready: Ready, id: string): Promise<Tag> {
  const known = ready.tags.find((tag) => tag.id === id)
  if (known !== undefined) return { id, name: known.name }
  const tag = await readTag(io, id)
  if (tag === undefined) throw tagVanished(id, id)
  return tag
}

/** For calls whose answers name no tag: throws when the tag no longer has the name that the calls used. */
export async function confirmName(io: Io, tag: Tag): Promise<void> {
  const now = await readTag(io, tag.id)
  if (now !== undefined && sameName(now.name) === sameName(tag.name)) return
  throw changed(`${became(tag, now)} A new, empty tag "${tag.name}" may have been created.`, undefined)
}

/**
 * A tag that our call created is not deleted: another user may have created it at the same moment, and the API does
 * not distinguish the two. The message says what to check.
 */
async function tagChanged(
  io: Io,
  ready: Ready,
  tag: Tag,
  answered: string,
  records: number,
  requestId: string | undefined,
): Promise<Fault> {
  const origin = ready.tagIds.includes(answered) ? 'which existed before' : 'which did not exist when this Run started'
  return changed(
    `${became(tag, await readTag(io, tag.id))} The name "${tag.name}" now belongs to another tag (id ${answered}), ${origin}: ` +
      `the last call, for ${records} record(s), changed that tag.`,
    requestId,
  )
}

function became(tag: Tag, now: Tag | undefined): string {
  return now === undefined
    ? `The tag "${tag.name}" (id ${tag.id}) was deleted in Intercom during the Run.`
    : `The tag "${tag.name}" (id ${tag.id}) was renamed to "${now.name}" in Intercom during the Run.`
}

function changed(message: string, requestId: string | undefined): Fault {
  return new Fault('config', message, {
    code: 'tag-changed',
    advice:
      'Check the tag with that name in Intercom. If no one needs it, delete it or remove it from these records. ' +
      'Then run again: Tailrace follows a renamed tag.',
    ...(requestId === undefined ? {} : { requestId }),
  })
}

/**
 * Ids of the records that an answer of 2.16 or newer lists as tagged (with `tagged: false`: untagged); undefined for
 * another shape.
 */
export function listedIds(
  body: unknown,
  list: 'users' | 'companies',
  tagged: boolean,
): ReadonlySet<string> | undefined {
  const entries = property(body, list)
  if (!Array.isArray(entries)) return undefined
  const ids = entries
    .filter((entry) => property(entry, 'tagged') === tagged || property(entry, 'tagged') === undefined)
    .map((entry) => text(property(entry, 'id')))
  return ids.every((id) => id !== undefined) ? new Set(ids) : undefined
}
