import type { Fault } from '../model/fault.ts'
import type { Notice } from '../model/notice.ts'
import type { Counts, RequestCounts, RunStatus } from '../model/run.ts'
import type { Verified } from '../model/observed.ts'

/** What became of a Run. */
export interface RunReport {
  readonly run: number
  readonly activation: string
  readonly status: RunStatus
  readonly counts: Counts
  readonly requests: RequestCounts
  readonly durationMs: number
  readonly notices: readonly Notice[]
  /** Failures of this and earlier Runs that are not resolved. */
  readonly standing: { readonly notLoaded: number; readonly unconfirmed: number }
  readonly fault: Fault | undefined
  /** Result of reading back what the Run delivered, if the Activation asks for it. */
  readonly verified?: Verified
}
