import { behaviorFor, type SyncBehavior } from '../model/behavior.ts'
import type { TargetObject } from '../connect/target.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { nodeAt, scalarsOf, type SourceMap, type SourceNode } from './source/source-node.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Identifiers } from './read-identifiers.ts'

/** Adds a problem if the object does not support the behavior. */
export function checkBehavior(
  behavior: SyncBehavior,
  object: TargetObject,
  behaviors: ReadonlyMap<string, SyncBehavior>,
  written: { readonly node: SourceNode; readonly path: Path },
  problems: ProblemList,
): void {
  if (behaviorFor(behavior, object) !== undefined) return
  const possible = [...behaviors.values()].filter((each) => behaviorFor(each, object) !== undefined).map(({ id }) => id)
  const list = possible.length === 0 ? 'there is no behavior for it' : `possible: ${possible.join(', ')}`
  problems.add(written.node.position, written.path, `${behavior.id} cannot be used with ${object.id}; ${list}`)
}

/** Checks the number of groups (tags) against what the behavior takes, and that it may create them if asked to. */
export function checkGroups(
  behavior: SyncBehavior,
  object: TargetObject,
  settings: Readonly<Record<string, unknown>>,
  node: SourceMap,
  path: Path,
  problems: ProblemList,
): void {
  if (object.group === undefined || behavior.groups === undefined) return
  const { setting, noun, createSetting } = object.group
  const { max, mayCreate } = behavior.groups
  const listNode = nodeAt(node, [setting])
  const groups = settings[setting]
  if (listNode !== undefined && Array.isArray(groups) && !scalarsOf(listNode).some((scalar) => scalar.broken)) {
    const count = groups.length
    const takes =
      max === 1
        ? `exactly one ${noun.one}`
        : Number.isFinite(max)
          ? `one to ${max} ${noun.many}`
          : `at least one ${noun.one}`
    const advice =
      count === 0
        ? 'add one'
        : `create ${max === 1 ? count : Math.ceil(count / max)} activations`.replace(/\b2\b/, 'two')
    if (count === 0 || count > max) {
      const message = `${behavior.id} takes ${takes}; the list has ${count === 0 ? 'none' : count}: ${advice}`
      problems.add(listNode.position, [...path, setting], message)
    }
  }
  if (createSetting === undefined) return
  const create = nodeAt(node, [createSetting])
  if (create !== undefined && settings[createSetting] === true && !mayCreate) {
    problems.add(
      create.position,
      [...path, createSetting],
      `${behavior.id} never creates a ${noun.one}; remove this line`,
    )
  }
}

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
