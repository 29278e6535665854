import type { ActivationRow } from '../store/project/activations.ts'
import type { ActivationLock } from '../store/runs/activation-lock.ts'
import type { RunLease } from '../store/snapshot/marks.ts'
import type { GuardRule } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'
import type { Ports } from './ports.ts'

/** Whether the database has confirmed lately that this process holds the Activation. While it has not, nothing is sent. */
export type LockCertainty = Pick<ActivationLock, 'isSure' | 'whenUnsure'>

/** How a process holds the Run it makes a pass for. */
export interface RunContext {
  readonly activation: Activation
  readonly row: ActivationRow
  readonly lease: RunLease
  readonly ports: Ports
  /** Aborted when the Run must stop at once: by the process, or because its lock was lost. */
  readonly signal: AbortSignal
  readonly lock: LockCertainty
  /** Claims the groups that are looked at and written to, until the Activation is let go. */
  readonly lockGroups: ActivationLock['lockGroups']
  /** False while only a Plan is wanted: then nothing is remembered. */
  readonly remember: boolean
  /** Guardrails that a person let this one Run through. */
  readonly allow: readonly GuardRule[]
  /** A saved Plan is made or followed: so what it is computed from is weighed. */
  readonly exact?: boolean
  /** Gives a Plan that is to be carried out the number of a Run. */
  becomeRun(): Promise<void>
  /** Write so many first, and read them back before the rest. */
  readonly canary?: number | undefined
}
