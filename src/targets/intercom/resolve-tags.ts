import { distance } from 'fastest-levenshtein'
import { Fault, type Io, type Resolved } from '../../connect/index.ts'
import type { ApiVersion } from './api-version.ts'
import { sameName, type TagSettings } from './settings.ts'
import { createTag, listTags, tagVanished, type Tag } from './tags.ts'

/** What resolving an Activation's settings gave: all that `deliver` needs to know. */
export interface Ready {
  readonly tags: readonly ReadyTag[]
  /** Ids of all tags there were when `tags` was read. */
  readonly tagIds: readonly string[]
  readonly apiVersion: ApiVersion
  readonly delivery: 'batch' | 'single'
  /** Conversations only: in whose name they are tagged. */
  readonly adminId?: string
}

export interface ReadyTag {
  /** As written in the settings. */
  readonly configured: string
  /** As it is called in Intercom now. */
  readonly name: string
  /** Null while it is yet to be created. */
  readonly id: string | null
}

/**
 * Names to ids, without regard to case. The id first found is remembered for the Activation and wins from then on: a tag
 * renamed is followed, a tag that vanished is a Fault even if another one has taken its name.
 */
export async function resolveTags(io: Io, settings: TagSettings, apiVersion: ApiVersion): Promise<Resolved<Ready>> {
  const existing = await listTags(io)
  const notices: string[] = []
  const tags: ReadyTag[] = []
  for (const configured of settings.tags) {
    const remembered = await io.memory.get('activation', memoryName(configured))
    const found = find(existing, configured, remembered)
    if (found === undefined && !settings.createTag) throw tagNotFound(configured, existing)
    if (found !== undefined) {
      notices.push(...noticesAbout(configured, found, existing))
      if (remembered === undefined) await remember(io, configured, found.id)
    }
    tags.push({ configured, name: found?.name ?? configured, id: found?.id ?? null })
  }
  return resolved({ tags, tagIds: existing.map((tag) => tag.id), apiVersion, delivery: settings.delivery }, notices)
}

/** Creates the tags that are missing, and reads the names again: some calls address tags by name, and would create a stale one. */
export async function prepareTags(io: Io, ready: Ready): Promise<Resolved<Ready>> {
  const tags: ReadyTag[] = []
  for (const tag of ready.tags) {
    if (tag.id !== null) {
      tags.push(tag)
      continue
    }
    const created = await createTag(io, tag.configured)
    await remember(io, tag.configured, created.id)
    tags.push({ configured: tag.configured, name: created.name, id: created.id })
  }
  const existing = await listTags(io)
  const current = tags.map((tag) => {
    const now = existing.find((each) => each.id === tag.id)
    if (now === undefined) throw tagVanished(tag.name, tag.id ?? '', bearerOf(existing, tag.name))
    return { ...tag, name: now.name }
  })
  return resolved({ ...ready, tags: current, tagIds: existing.map((tag) => tag.id) }, [])
}

/** Calls for so many Operations, when a call takes up to `perCall` of them; each tag is a call of its own. */
export function countTagCalls(ready: Ready, operations: number, perCall: number): number {
  return ready.tags.length * Math.ceil(operations / perCall)
}

function resolved(ready: Ready, notices: readonly string[]): Resolved<Ready> {
  return {
    ready,
    members: ready.tags.map(({ name, id }) => ({ name, id })),
    toCreate: ready.tags.filter((tag) => tag.id === null).map((tag) => tag.configured),
    notices,
  }
}

function find(existing: readonly Tag[], configured: string, remembered: string | undefined): Tag | undefined {
  const namesake = bearerOf(existing, configured)
  if (remembered === undefined) return namesake
  const same = existing.find((tag) => tag.id === remembered)
  if (same === undefined) throw tagVanished(configured, remembered, namesake)
  return same
}

function bearerOf(existing: readonly Tag[], name: string): Tag | undefined {
  return existing.find((tag) => sameName(tag.name) === sameName(name))
}

function noticesAbout(configured: string, found: Tag, existing: readonly Tag[]): readonly string[] {
  if (sameName(found.name) === sameName(configured)) return []
  const usurper = bearerOf(existing, configured)
  const renamed = `The tag "${configured}" (id ${found.id}) is now called "${found.name}" in Intercom; it is followed. Update \`tags\` when convenient.`
  return usurper === undefined
    ? [renamed]
    : [`${renamed} Another tag (id ${usurper.id}) has taken the name "${usurper.name}"; it is left alone.`]
}

function tagNotFound(configured: string, existing: readonly Tag[]): Fault {
  const wanted = sameName(configured)
  const nearest = existing
    .map((tag) => ({ name: tag.name, far: distance(wanted, sameName(tag.name)) }))
    .filter(({ name, far }) => far <= Math.max(2, wanted.length / 2) || sameName(name).includes(wanted))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => `"${name}"`)
  const hint = nearest.length > 0
    ? `Did you mean ${nearest.join(' or ')}?`
    : `None of the workspace's ${existing.length} tags is called anything like it.`
  return new Fault('config', `Intercom has no tag called "${configured}". ${hint}`, {
    code: 'tag-not-found', advice: 'Correct the name in `tags`, create the tag in Intercom, or (to attach) set `createTag: true`.',
  })
}

function memoryName(configured: string): string {
  return `tag:${sameName(configured)}`
}

async function remember(io: Io, configured: string, id: string): Promise<void> {
  await io.memory.set('activation', memoryName(configured), id)
}
