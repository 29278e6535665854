import type { OperationKind } from '../model/operation.ts'

/** A SyncBehavior is a table, not a class: which Operation each kind of Change asks for (null: none). */
export interface SyncBehavior {
  /** As in tailrace.yaml. */
  readonly id: string
  /** In the words of the UI: "Attach Tag to Records". */
  readonly label: string
  readonly help: string
  readonly plan: {
    readonly added: OperationKind | null
    readonly changed: OperationKind | null
    readonly removed: OperationKind | null
  }
  /** For memberships: how many may be named, and whether one may be created. */
  readonly members?: { readonly max: number; readonly mayCreate: boolean }
}
