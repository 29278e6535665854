import { behaviorFor, type SyncBehavior } from '../model/behavior.ts'
import type { TargetObject } from '../connect/target.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Path, ProblemList } from './problem-list.ts'
import type { Identifiers } from './read-identifiers.ts'
import type { SourceMap } from './source/source-node.ts'

interface Chosen {
  readonly name: string
  readonly behavior: SyncBehavior
  readonly object: TargetObject
  readonly identifiers: Identifiers | undefined
  readonly mapping: Mapping | undefined
  readonly matches: 'one' | 'all' | undefined
  readonly adopts: string | undefined
}

/** Checks that the keys for whole records fit the behavior and the object. */
export function checkRecordKeys(
  { name, behavior, object, identifiers, mapping, matches, adopts }: Chosen,
  node: SourceMap,
  path: Path,
  problems: ProblemList,
): void {
  const reject = (key: string, message: string) => {
    const written = node.entries.get(key)
    if (written !== undefined) problems.add(written.node.position, [...path, key], message)
  }
  const plan = behaviorFor(behavior, object)?.plan
  if (plan === undefined) return
  const asked = Object.values(plan)
  const setsFields =
    object.group === undefined &&
    asked.some((operation) => operation === 'create' || operation === 'update' || operation === 'upsert')
  if (mapping !== undefined && !setsFields) {
    const keys = mapping.autoMap ? ['mapping', 'autoMap'] : ['mapping']
    for (const key of keys) reject(key, `${behavior.id} uses only the identifier of a ${object.id}; remove this`)
  }
  if (matches === 'all') {
    const candidates = [identifiers?.identifier, ...(identifiers?.fallbacks ?? [])].map((identifier) =>
      object.identifiers.find(({ field }) => field === identifier?.field),
    )
    if (behavior.manyMatch !== true)
      reject('matches', `${behavior.id} needs an identifier that matches only one record; remove this line`)
    else if (identifiers !== undefined && !candidates.some((candidate) => candidate?.manyMatch === true)) {
      reject(
        'matches',
        `${candidates.map((candidate) => candidate?.field).join(' and ')} of a ${object.id} never matches several records; remove this line`,
      )
    }
  }
  if (plan.changed !== 'mark')
    reject('changedRows', `is only for insert, which does not send changed rows; with ${behavior.id}, remove this line`)
  if (adopts === name)
    reject('adopts', 'an activation cannot adopt its own state; name the activation that it replaces')
}
