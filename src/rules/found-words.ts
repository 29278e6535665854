import type { Noun } from '../model/noun.ts'
import type { Match } from '../model/observed.ts'
import type { Key } from '../model/record.ts'

/** How many candidates a message names. */
const namedCandidates = 5

/** Why a Record cannot be delivered: the Target's index shows nothing for its identifier. */
export function notFoundWords(
  noun: Noun,
  identifier: string,
  key: Key,
  remark = 'If it was created some minutes ago, a search may not find it yet: the next Run searches again.',
): string {
  return `There is no ${noun.one} with ${identifier} "${shown(key)}". ${remark}`
}

/** Why a Record cannot be delivered: its identifier matches several target records. */
export function ambiguousWords(noun: Noun, identifier: string, key: Key, matches: readonly Match[]): string {
  const named = matches.slice(0, namedCandidates).map(({ label, targetId }) => `${label} (id ${targetId})`)
  const more = matches.length - named.length
  return `${matches.length} ${noun.many} match ${identifier} "${shown(key)}": ${[...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')}. Use an identifier that matches only one.`
}

function shown(key: Key): string {
  return key.length > 120 ? `${key.slice(0, 120)}…` : key
}
