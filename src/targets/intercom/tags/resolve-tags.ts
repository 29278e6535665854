import { distance } from 'fastest-levenshtein'
import {
  absentGroup,
  groupsAppeared,
  nameOfAbsentGroup,
  notice,
  readEach,
  Fault,
  type Io,
  type Notice,
  type Resolved,
} from '../../../connect/index.ts'
import type { ApiVersion } from '../api-version.ts'
import type { Author } from './write-author.ts'
import { sameName, type TagSettings } from '../settings.ts'
import { createTag, listTags, tagVanished, type Tag } from './tags.ts'
import { shown } from '../answer.ts'

/** The resolved settings of an Activation: what `deliver` needs to know. */
export interface Ready {
  /** Every tag that the settings name. With names from a column, one Operation has only some of them. */
  readonly tags: readonly ReadyTag[]
  /** Ids of all tags that existed when `tags` was read. */
  readonly tagIds: readonly string[]
  /** When `tags` was read: unix seconds by Intercom's clock, before the Run wrote anything. */
  readonly since?: number
  readonly apiVersion: ApiVersion
  readonly delivery: 'batch' | 'single'
  /** Conversations and tickets only: id of the admin who tags them. */
  readonly adminId?: string
  /** For target records that show who tagged them. */
  readonly author?: Author
}

export interface ReadyTag {
  /** As written in the settings or in the column. */
  readonly configured: string
  /** Its current name in Intercom. */
  readonly name: string
  /** Null until it is created; a placeholder (`absentGroup`) if only rows name it and it may not be created. */
  readonly id: string | null
}

/** Reads from memory, and creations, at once: a column may name thousands of tags. */
const factsAtOnce = 20
const createdAtOnce = 10

/**
 * Maps names to ids, ignoring case. The first id found is remembered for the Activation and used from then on: a
 * renamed tag is followed, and a deleted tag is a Fault even if another tag has its name now. An unknown name in the
 * settings is a Fault; one that rows name gets a placeholder id, and only its links are rejected. If the names come from a
 * column that is not read yet, nothing is resolved; the read of the tag list still proves the permission.
 */
export async function resolveTags(io: Io, settings: TagSettings, apiVersion: ApiVersion): Promise<Resolved<Ready>> {
  const listed = await listTags(io)
  const directory = tagDirectory(listed.tags)
  const names: readonly string[] = Array.isArray(settings.tags) ? settings.tags : []
  const mayBeAbsent = settings.rowsNameThem && !settings.createTag
  const notices: Notice[] = []
  const tags: ReadyTag[] = []
  const missing = new Map<string, string>()
  const news: { readonly configured: string; readonly id: string }[] = []
  const recalled = readEach(
    names,
    async (configured) => ({
      configured,
      remembered: await io.memory.get('activation', memoryName(configured)),
    }),
    factsAtOnce,
  )
  for await (const { configured, remembered } of recalled) {
    const found = find(directory, configured, remembered)
    if (found === undefined) missing.set(sameName(configured), missing.get(sameName(configured)) ?? configured)
    else notices.push(...noticesAbout(configured, found, directory))
    if (found !== undefined && remembered === undefined) news.push({ configured, id: found.id })
    const absent = mayBeAbsent ? absentGroup(missing.get(sameName(configured))?.trim() ?? '') : null
    tags.push({ configured, name: found?.name ?? configured, id: found?.id ?? absent })
  }
  if (missing.size > 0 && mayBeAbsent) notices.push(tagsMissing([...missing.values()], listed.tags))
  else if (missing.size > 0 && !settings.createTag) throw tagsNotFound([...missing.values()], listed.tags)
  for await (const _ of readEach(news, ({ configured, id }) => remember(io, configured, id), factsAtOnce));
  return resolved({ tags, tagIds: directory.ids, ...sinceOf(listed), apiVersion, delivery: settings.delivery }, notices)
}

/**
 * Creates the missing tags, then reads the names again: some calls address tags by name, and an outdated name would
 * create a tag.
 */
export async function prepareTags(io: Io, ready: Ready): Promise<Resolved<Ready>> {
  const created = new Map<string, Tag>()
  const missing = missingNames(ready.tags)
  for (let at = 0; at < missing.length; at += createdAtOnce) {
    const some = missing.slice(at, at + createdAtOnce)
    await rejectKnown(io, some)
    const making = readEach(
      some,
      async (name) => {
        const tag = await createTag(io, name)
        await remember(io, name, tag.id)
        return { name, tag }
      },
      createdAtOnce,
    )
    for await (const { name, tag } of making) created.set(sameName(name), tag)
  }
  const listed = await listTags(io)
  const directory = tagDirectory(listed.tags)
  const tags = ready.tags.map((tag) => {
    if (tag.id !== null && nameOfAbsentGroup(tag.id) !== undefined) return tag
    const id = tag.id ?? created.get(sameName(tag.configured))?.id ?? ''
    const now = directory.withId(id)
    if (now === undefined) throw tagVanished(tag.name, id, directory.called(tag.name))
    return { configured: tag.configured, id, name: now.name }
  })
  return resolved({ ...ready, tags, tagIds: directory.ids, ...sinceOf(listed) }, [])
}

/**
 * Intercom does not say whether it created or found a tag. A tag that appeared meanwhile must not count as created by
 * us: we assume that a new tag is on nothing, so external links would count as managed.
 */
async function rejectKnown(io: Io, names: readonly string[]): Promise<void> {
  const directory = tagDirectory((await listTags(io)).tags)
  const known = names.filter((name) => directory.called(name) !== undefined)
  if (known.length > 0) throw groupsAppeared({ one: 'tag', many: 'tags' }, known)
}

function resolved(ready: Ready, notices: readonly Notice[]): Resolved<Ready> {
  return {
    ready,
    groups: ready.tags.map(({ name, id }) => ({ name, id })),
    toCreate: missingNames(ready.tags),
    notices,
  }
}

/** Each name once: a column may spell one tag in several ways. */
function missingNames(tags: readonly ReadyTag[]): readonly string[] {
  const names = new Map<string, string>()
  for (const { id, configured } of tags)
    if (id === null && !names.has(sameName(configured))) names.set(sameName(configured), configured.trim())
  return [...names.values()]
}

function sinceOf({ asOf }: { readonly asOf: number | undefined }): { readonly since?: number } {
  return asOf === undefined ? {} : { since: asOf }
}

function find(directory: TagDirectory, configured: string, remembered: string | undefined): Tag | undefined {
  const namesake = directory.called(configured)
  if (remembered === undefined) return namesake
  const same = directory.withId(remembered)
  if (same === undefined) throw tagVanished(configured, remembered, namesake)
  return same
}

function noticesAbout(configured: string, found: Tag, directory: TagDirectory): readonly Notice[] {
  if (sameName(found.name) === sameName(configured)) return []
  const newOwner = directory.called(configured)
  const renamed = `The tag "${configured}" (id ${found.id}) is now called "${found.name}" in Intercom. Tailrace follows the tag. Update its name in \`tags\`, or in the query, when convenient.`
  const taken =
    newOwner === undefined
      ? ''
      : ` Another tag (id ${newOwner.id}) now has the name "${newOwner.name}". Tailrace does not change that tag.`
  return [notice('tag-renamed', renamed + taken, { tag: found.id, configured, name: found.name })]
}

function memoryName(configured: string): string {
  return `tag:${sameName(configured)}`
}

async function remember(io: Io, configured: string, id: string): Promise<void> {
  await io.memory.set('activation', memoryName(configured), id)
}

/** The workspace's tags, found by id, or by name ignoring case. */
interface TagDirectory {
  readonly ids: readonly string[]
  withId(id: string): Tag | undefined
  called(name: string): Tag | undefined
}

function tagDirectory(tags: readonly Tag[]): TagDirectory {
  const byId = new Map(tags.map((tag) => [tag.id, tag]))
  const byName = new Map(tags.map((tag) => [sameName(tag.name), tag]))
  return {
    ids: [...byId.keys()],
    withId: (id) => byId.get(id),
    called: (name) => byName.get(sameName(name)),
  }
}

/** Maximum names in one message: a column may hold thousands of wrong ones. */
const most = 10

/** Why no link to this group is possible; undefined where Intercom has the tag. */
export function whyNoTag(group: string): string | undefined {
  const name = nameOfAbsentGroup(group)
  return name === undefined ? undefined : `Intercom has no tag called "${shown(name)}".`
}

/** Notice about names in rows that no tag has: only the links to them are rejected. */
function tagsMissing(names: readonly string[], existing: readonly Tag[]): Notice {
  const isOne = names.length === 1
  return notice(
    'tags-missing',
    `Intercom does not have ${isOne ? 'one of the tags' : `${names.length} of the tags`} in the rows: ${several(names, existing)}. ` +
      `The links to ${isOne ? 'it' : 'them'} are not loaded.`,
    { tags: names.length },
  )
}

/** A Fault for names that no tag has, each with the nearest existing names. */
function tagsNotFound(names: readonly string[], existing: readonly Tag[]): Fault {
  const [only = ''] = names
  const message =
    names.length === 1
      ? `Intercom has no tag called "${shown(only)}". ${hintFor(only, existing)}`
      : `Intercom has no tags called ${several(names, existing)}.`
  return new Fault('config', message, {
    code: 'tag-not-found',
    advice: 'Correct the name in `tags`, create the tag in Intercom, or (to attach) set `createTag: true`.',
  })
}

function hintFor(name: string, existing: readonly Tag[]): string {
  const near = nearest(name, existing)
  return near.length > 0
    ? `Did you mean ${near.join(' or ')}?`
    : `None of the workspace's ${existing.length} tags has a similar name.`
}

function several(names: readonly string[], existing: readonly Tag[]): string {
  const listed = names.slice(0, most).map((name) => {
    const [near] = nearest(name, existing)
    return near === undefined ? `"${shown(name)}"` : `"${shown(name)}" (nearest: ${near})`
  })
  return `${listed.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`
}

function nearest(name: string, existing: readonly Tag[]): readonly string[] {
  const wanted = sameName(name)
  return existing
    .map((tag) => ({ name: tag.name, far: distance(wanted, sameName(tag.name)) }))
    .filter(
      (tag) => tag.far <= Math.max(2, wanted.length / 2) || (wanted !== '' && sameName(tag.name).includes(wanted)),
    )
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map((tag) => `"${tag.name}"`)
}
