import { distance } from 'fastest-levenshtein'
import { Fault } from '../../../connect/index.ts'
import { shown } from '../answer.ts'
import { sameName } from '../settings.ts'
import type { Tag } from './tags.ts'

/** Maximum names in one message: a column may hold thousands of wrong ones. */
const most = 10

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
