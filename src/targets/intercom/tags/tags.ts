import { Fault, type HttpReply, type Io } from '../../../connect/index.ts'
import { answeredAt, requestOf, throwIfFault, vendorError } from '../answer.ts'
import { path } from '../identity.ts'
import { counted, readReply, tag, tags } from '../replies.ts'

export interface Tag {
  readonly id: string
  readonly name: string
}

/**
 * All tags of the workspace: `GET /tags` has no pages (Intercom-OpenAPI 2.16). `asOf`: unix seconds by Intercom's
 * clock, undefined without a `date` header.
 */
export async function listTags(io: Io): Promise<{ readonly tags: readonly Tag[]; readonly asOf: number | undefined }> {
  const reply = await io.http.send({ method: 'GET', path: '/tags', effect: 'read', repeatable: true })
  throwIfFault(reply, 'list tags')
  return {
    tags: readReply(tags, reply, 'GET /tags').data.map(({ id, name }) => ({ id, name })),
    asOf: answeredAt(reply),
  }
}

/** All tags that the connected user can see, for selection. */
export async function allTags(io: Io): Promise<readonly Tag[]> {
  return (await listTags(io)).tags
}

/** The tag as it is now, or undefined when it no longer exists. */
export async function readTag(io: Io, id: string): Promise<Tag | undefined> {
  const reply = await io.http.send({ method: 'GET', path: path('tags', id), effect: 'read', repeatable: true })
  throwIfFault(reply, 'read tags')
  if (reply.status === 404) return undefined
  return readTagIn(reply, 'GET /tags/{id}')
}

/** Finds or creates a tag: for an existing name, in any case, Intercom returns that tag (Intercom-OpenAPI 2.16). */
export async function createTag(io: Io, name: string): Promise<Tag> {
  const reply = await io.http.send({ method: 'POST', path: '/tags', body: { name }, effect: 'write', repeatable: true })
  throwIfFault(reply, 'create tags')
  if (reply.status === 400 || reply.status === 422) {
    throw new Fault('config', `Intercom rejected the new tag "${name}": ${vendorError(reply).message}.`, {
      code: 'tag-refused',
      advice: 'Choose another name in `tags`, or create the tag in Intercom.',
      ...requestOf(reply),
    })
  }
  return readTagIn(reply, 'POST /tags')
}

function readTagIn(reply: HttpReply, request: string): Tag {
  const { id, name } = readReply(tag, reply, request)
  return { id, name }
}

/**
 * A Fault for a known tag that was deleted. `namesake`: the tag that has its name now; records tagged so far do not
 * have that tag.
 */
export function tagVanished(name: string, id: string, namesake?: Tag): Fault {
  const gone = `The tag "${name}" (id ${id}) no longer exists in Intercom`
  return new Fault(
    'config',
    namesake === undefined ? `${gone}.` : `${gone}; a new tag of the same name (id ${namesake.id}) does.`,
    {
      code: 'tag-vanished',
      advice:
        namesake === undefined
          ? 'Name another tag in `tags`, or in the query if its rows name the tags. Or create the tag again, and use it in an activation with a new name: no record has the new tag yet.'
          : 'No record has the new tag yet. To use it, clone the activation under a new name: the clone starts with empty state.',
    },
  )
}

/** The `total_count` of a list that is read only for this count. */
export function totalOf(reply: HttpReply, doing: string, request: string): number {
  throwIfFault(reply, doing)
  return readReply(counted, reply, request).total_count
}
