import { behaviorFor, type SyncBehavior } from '../model/behavior.ts'
import type { TargetObject } from '../connect/target.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { nodeAt, scalarsOf, type SourceMap, type SourceNode } from './source/source-node.ts'

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
      max === 1 ? `exactly one ${noun}` : Number.isFinite(max) ? `one to ${max} ${noun}s` : `at least one ${noun}`
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
    problems.add(create.position, [...path, createSetting], `${behavior.id} never creates a ${noun}; remove this line`)
  }
}
