import type { OperationKind } from './operation.ts'

/** The Operation for each kind of Change (null: none). `mark`: the Record is marked as rejected, without a call. */
export interface BehaviorPlan {
  readonly added: OperationKind | null
  readonly changed: OperationKind | 'mark' | null
  readonly removed: OperationKind | null
}

/** A SyncBehavior is a table, not a class. */
export interface SyncBehavior {
  /** Its name in tailrace.yaml. */
  readonly id: string
  /** Its name in the UI: "Attach Tag to Records". */
  readonly label: string
  readonly help: string
  readonly plan: BehaviorPlan
  /** Replaces these for objects without groups. */
  readonly forRecords?: Pick<SyncBehavior, 'label' | 'help' | 'plan'>
  /** For links: how many groups a mapping may name, and whether a group may be created. */
  readonly groups?: { readonly max: number; readonly mayCreate: boolean }
  /** An Activation may deliver one Record to every target record that its identifier matches. */
  readonly manyMatch?: boolean
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
