import { distance } from 'fastest-levenshtein'
import { Fault, nameOfAbsentGroup, notice, type Notice } from '../../../connect/index.ts'
import { shown } from '../answer.ts'
import { sameName } from '../settings.ts'
import type { Tag } from './tags.ts'

/** Maximum names in one message: a column may hold thousands of wrong ones. */
const most = 10

/** Why no link to this group is possible; undefined where Intercom has the tag. */
export function whyNoTag(group: string): string | undefined {
  const name = nameOfAbsentGroup(group)
  return name === undefined ? undefined : `Intercom has no tag called "${shown(name)}".`
}

/** Notice about names in rows that no tag has: only the links to them are rejected. */
export function tagsMissing(names: readonly string[], existing: readonly Tag[]): Notice {
  const isOne = names.length === 1
  return notice(
    'tags-missing',
    `Intercom does not have ${isOne ? 'one of the tags' : `${names.length} of the tags`} in the rows; ` +
      `the records with ${isOne ? 'it' : 'them'} are not loaded: ${several(names, existing)}.`,
    { tags: names.length },
  )
}

/** A Fault for names that no tag has, each with the nearest existing names. */
export function tagsNotFound(names: readonly string[], existing: readonly Tag[]): Fault {
  const [only = ''] = names
  const message =
    names.length === 1
      ? `Intercom has no tag called "${shown(only)}". ${hintFor(only, existing)}`
      : `Intercom has no tags called ${several(names, existing)}.`
  return new Fault('config', message, {
    code: 'tag-not-found',
    advice:
      'Correct the name in `tags` (or in the query column), create the tag in Intercom, or (to attach) set `createTag: true`.',
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
