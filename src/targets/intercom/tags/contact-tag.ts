import { indexLagMs } from '../index-lag.ts'
import {
  defineObject,
  deliverGroups,
  forEachOperation,
  keeping,
  type ObservedGroup,
  type HttpReply,
  type Identity,
  type Io,
  type Key,
  type Observed,
  type Operation,
  type OperationKind,
  type Outcome,
  type Outcomes,
  type Resolved,
} from '../../../connect/index.ts'
import { answersPerRecord } from '../api-version.ts'
import { property, requestOf, succeeded } from '../answer.ts'
import { contactIdentifiers, contactFinder } from '../contacts/find-contacts.ts'
import { deliverValidIds, path } from '../identity.ts'
import type { IntercomConfig } from '../config.ts'
import { observedTags, readTags } from './read-tags.ts'
import { learnAuthor, recallAuthor, type Author } from './write-author.ts'
import { prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { tagGroup, tagLabels } from './tag-group.ts'
import { searchListing } from './search-listing.ts'
import { settings, type TagSettings } from '../settings.ts'
import { listedIds, postByName, tagToAddress } from './tag-by-name.ts'
import { tagOne, type TaggedObject } from './tag-one.ts'

/** Key in the connection's memory: whether bulk contact tagging works. */
const bulkFact = 'bulk-contact-tagging'

/** Intercom's older docs advise at most 50 users per call: larger calls time out. */
const most = 50

const contact: TaggedObject = {
  noun: 'contact',
  attach: (id, tagId) => ({ method: 'POST', path: tagsPath(id), body: { id: tagId } }),
  detach: (id, tagId) => ({ method: 'DELETE', path: path('contacts', id, 'tags', tagId) }),
  itself: (id) => path('contacts', id),
}

export const contactTag = defineObject<TagSettings, Ready, IntercomConfig>({
  id: 'contact_tag',
  label: 'Contact tag',
  noun: { one: 'contact', many: 'contacts' },
  labels: tagLabels,
  settings,
  operations: ['attach', 'detach'],
  group: tagGroup,
  indexLagMs,
  batch: { max: most },
  identifiers: contactIdentifiers,
  find: contactFinder(() => []),
  async resolve(io, chosen): Promise<Resolved<Ready>> {
    const resolved = await resolveTags(io, chosen, io.config.apiVersion)
    return { ...resolved, ready: { ...resolved.ready, author: await recallAuthor(io, 'contact') } }
  },
  prepare: prepareTags,
  countCalls: (ready, kind, operations) => Math.ceil(operations / (bulkFits(ready, kind) ? most : 1)),
  read: (io, ready, want) => readContactTags(io, want, ready.author),
  listing: searchListing({
    noun: 'contact',
    path: '/contacts/search',
    tagField: 'tag_id',
    perCall: 150,
    groupsOf: tagsInside,
    read: readContactTags,
  }),
  deliver,
})

function readContactTags(io: Io, want: readonly Identity[], author?: Author): AsyncIterable<Observed> {
  return readTags(io, 'contact', want, tagsPath, (body) => property(body, 'data'), author)
}

function tagsPath(id: string): string {
  return path('contacts', id, 'tags')
}

/** A contact in a search shows at most ten tags; `has_more` says that there are more (Intercom-OpenAPI 2.16). */
function tagsInside(contact: unknown, reply: HttpReply): readonly ObservedGroup[] | undefined {
  const tags = property(contact, 'tags')
  return property(tags, 'has_more') === true
    ? undefined
    : observedTags(property(tags, 'data'), reply, 'POST /contacts/search')
}

function deliver(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes> {
  return deliverValidIds(operations, async (valid) =>
    (await mayGoTogether(io, ready, valid))
      ? deliverGroups([valid], () => tagTogether(io, ready, valid))
      : tagEach(io, ready, valid),
  )
}

function tagEach(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes> {
  return forEachOperation(operations, (operation) => tagOne(io, ready, contact, operation))
}

/** Only attaching: Intercom's 2.x API has no bulk removal of contact tags. */
function bulkFits(ready: Ready, kind: OperationKind): boolean {
  return kind === 'attach' && ready.delivery === 'batch' && answersPerRecord(ready.apiVersion)
}

async function mayGoTogether(io: Io, ready: Ready, operations: readonly Operation[]): Promise<boolean> {
  const [first] = operations
  return (
    first !== undefined &&
    operations.length > 1 &&
    bulkFits(ready, first.kind) &&
    (await io.memory.get('connection', bulkFact)) !== 'unsupported'
  )
}

/**
 * One call for all. Contacts that its answer does not confirm are sent one by one, so that no Outcome is an
 * assumption.
 */
async function tagTogether(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes> {
  const tag = await tagToAddress(io, ready, operations[0]?.group ?? '')
  const reply = await postByName(
    io,
    ready,
    tag,
    'users',
    operations.map(({ identity }) => ({ id: identity.value })),
  )
  const tagged = succeeded(reply) ? listedIds(reply.body, 'users', true) : undefined
  const outcomes = new Map<Key, Outcome>()
  for (const { key, identity } of operations) {
    if (tagged?.has(identity.value) === true) outcomes.set(key, { status: 'delivered', ...requestOf(reply) })
  }
  await lookUpAuthor(
    io,
    ready,
    tag.id,
    operations.filter(({ key }) => outcomes.has(key)).map(({ identity }) => identity),
  )
  const rest = await keeping(outcomes, () =>
    tagEach(
      io,
      ready,
      operations.filter(({ key }) => !outcomes.has(key)),
    ),
  )
  // An unexpected shape, or a rejected batch whose records all succeed one by one, is a problem of the call, not of
  // the records.
  const odd = succeeded(reply) ? tagged === undefined : [...rest.values()].every(({ status }) => status === 'delivered')
  if (odd) {
    io.log.warn('Intercom did not answer bulk contact tagging as documented: contacts are now tagged one by one', {
      status: reply.status,
    })
    await io.memory.set('connection', bulkFact, 'unsupported')
  }
  return new Map([...outcomes, ...rest])
}

/**
 * A bulk answer does not show the author, so one tagged contact is read once per Run. An unknown author must show on
 * two contacts: a person may have tagged the first one a moment before.
 */
async function lookUpAuthor(io: Io, { author }: Ready, tagId: string, tagged: readonly Identity[]): Promise<void> {
  const [first, second] = tagged
  if (author === undefined || author.looked || first === undefined) return
  author.looked = true
  try {
    const [reply, group] = await readTag(io, first, tagId)
    if (group?.appliedBy === undefined) return
    if (
      !author.ids.has(group.appliedBy) &&
      second !== undefined &&
      (await readTag(io, second, tagId))[1]?.appliedBy !== group.appliedBy
    )
      return
    await learnAuthor(io, author, group, reply)
  } catch (error) {
    // The tags are attached all the same; a lasting failure shows at the next call.
    io.log.debug('the admin of the contact tags could not be read', {
      why: error instanceof Error ? error.message : String(error),
    })
  }
}

async function readTag(
  io: Io,
  { value }: Identity,
  tagId: string,
): Promise<readonly [HttpReply, ObservedGroup | undefined]> {
  const reply = await io.http.send({ method: 'GET', path: tagsPath(value), effect: 'read', repeatable: true })
  const tags = succeeded(reply) ? observedTags(property(reply.body, 'data'), reply, 'GET /contacts/{id}/tags') : []
  return [reply, tags.find(({ id }) => id === tagId)]
}
