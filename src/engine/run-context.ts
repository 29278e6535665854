import type { ActivationRow } from '../store/project/activations.ts'
import type { ActivationLock } from '../store/runs/activation-lock.ts'
import type { RunLease } from '../store/snapshot/marks.ts'
import type { GuardRule } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'
import type { Ports } from './ports.ts'

/**
 * Whether the database has recently confirmed that this process holds the Activation's lock. If not, nothing is sent.
 */
export type LockCertainty = Pick<ActivationLock, 'isSure' | 'whenUnsure'>

/** The context of a Run, for the process that executes it. */
export interface RunContext {
  readonly activation: Activation
  readonly row: ActivationRow
  readonly lease: RunLease
  readonly ports: Ports
  /** Aborted when the Run must stop at once: by the process, or because its lock was lost. */
  readonly signal: AbortSignal
  readonly lock: LockCertainty
  /** Locks the groups to read and write, until the Activation's lock is released. */
  readonly lockGroups: ActivationLock['lockGroups']
  /** False if only a Plan is needed. Then nothing is saved. */
  readonly remember: boolean
  /** Guardrails that are overridden for this Run. */
  readonly allow: readonly GuardRule[]
  /** A saved Plan is made or followed, so digests of its inputs are computed. */
  readonly exact?: boolean
  /** Turns a Plan that will be executed into a Run, with a number of its own. */
  becomeRun(): Promise<void>
  /** Write this many Records first, and read them back before the rest. */
  readonly canary?: number | undefined
}
