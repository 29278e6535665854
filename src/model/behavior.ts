import type { OperationKind } from './operation.ts'

/** Which Operation each kind of Change asks for (null: none). `mark`: it is not delivered, and said so, without a call. */
export interface BehaviorPlan {
  readonly added: OperationKind | null
  readonly changed: OperationKind | 'mark' | null
  readonly removed: OperationKind | null
}

/** A SyncBehavior is a table, not a class. */
export interface SyncBehavior {
  /** As in tailrace.yaml. */
  readonly id: string
  /** In the words of the UI: "Attach Tag to Records". */
  readonly label: string
  readonly help: string
  readonly plan: BehaviorPlan
  /** Instead of these, for objects without memberships. */
  readonly forRecords?: Pick<SyncBehavior, 'label' | 'help' | 'plan'>
  /** For memberships: how many may be named, and whether one may be created. */
  readonly groups?: { readonly max: number; readonly mayCreate: boolean }
  /** One Record may be delivered to every thing that its identifier names, where the Activation says so. */
  readonly manyMatch?: boolean
}

/** The behaviour as it is for this object; undefined where the object cannot do what it asks for. */
export function behaviorFor(
  behavior: SyncBehavior, object: { readonly operations: readonly OperationKind[]; readonly group?: unknown },
): SyncBehavior | undefined {
  const as = object.group === undefined ? { ...behavior, ...behavior.forRecords } : behavior
  const suits = Object.values(as.plan).every((operation) => operation === null || operation === 'mark' || object.operations.includes(operation))
  return suits ? as : undefined
}
