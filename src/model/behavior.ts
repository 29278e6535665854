import type { Noun } from './noun.ts'
import type { OperationKind } from './operation.ts'

/** The Operation for each kind of Change (null: none). `mark`: the Record is marked as rejected, without a call. */
export interface BehaviorPlan {
  readonly added: OperationKind | null
  readonly changed: OperationKind | 'mark' | null
  readonly removed: OperationKind | null
}

/** How the UI calls a behavior of an object, and what it does, in the object's nouns. */
export interface BehaviorWords {
  readonly label: string
  readonly help: string
}

/** A SyncBehavior is a table, not a class. */
export interface SyncBehavior {
  /** Its name in tailrace.yaml. */
  readonly id: string
  /** In the nouns of the object's target records and groups. For an object without groups, `group` is not used. */
  words(nouns: { readonly record: Noun; readonly group: Noun }): BehaviorWords
  readonly plan: BehaviorPlan
  /** Replaces these for objects without groups. */
  readonly forRecords?: Pick<SyncBehavior, 'words' | 'plan'>
  /** For links: how many groups a mapping may name, and whether a group may be created. */
  readonly groups?: { readonly max: number; readonly mayCreate: boolean }
  /** An Activation may deliver one Record to every target record that its identifier matches. */
  readonly manyMatch?: boolean
}

/** What the words of a behavior need of a TargetObject. */
interface WordedObject {
  readonly noun: Noun
  readonly group?: { readonly noun: Noun }
  readonly labels?: Readonly<Record<string, string>>
}

/** The behavior for this object; undefined if the object lacks one of its Operations. */
export function behaviorFor(
  behavior: SyncBehavior,
  object: { readonly operations: readonly OperationKind[]; readonly group?: unknown },
): SyncBehavior | undefined {
  const as = object.group === undefined ? { ...behavior, ...behavior.forRecords } : behavior
  const suits = Object.values(as.plan).every(
    (operation) => operation === null || operation === 'mark' || object.operations.includes(operation),
  )
  return suits ? as : undefined
}

/** The words of a behavior for this object. A label that the object declares replaces the behavior's own. */
export function behaviorWords(behavior: SyncBehavior, { noun, group, labels = {} }: WordedObject): BehaviorWords {
  const { words } = group === undefined ? { ...behavior, ...behavior.forRecords } : behavior
  const { label, help } = words({ record: noun, group: group?.noun ?? unnamedGroup })
  return { label: labels[behavior.id] ?? label, help }
}

/** For pages about no particular object, and for objects without groups. */
export const unnamedGroup: Noun = { one: 'group', many: 'groups' }
