/** Who can fix a failure, and where. */
export type WhoFixes =
  | 'you: the command line'
  | 'you: tailrace.yaml'
  | 'you: the query'
  | 'you: the warehouse'
  | 'you: the target'
  | 'you: the machine or network'
  | 'you: the control database'
  | 'you: the request'
  | 'you: review and decide'
  | 'no one: it is temporary'
  | 'no one: nothing to fix'
  | 'Tailrace'

/** The documentation of one kind of failure, in plain words. */
export interface CatalogueEntry {
  /** Stable: scripts and users search for it. */
  readonly code: string
  readonly title: string
  /** What happened, and why. */
  readonly cause: string
  readonly whoFixes: WhoFixes
  /** Whether and when Tailrace retries by itself. */
  readonly retried: 'no' | `by itself: ${string}`
  readonly fix: string
  /** A query that shows or fixes the problem in the Warehouse. */
  readonly sql?: string
}

/** The failures of one area, e.g. of tailrace.yaml. */
export interface CatalogueArea {
  readonly title: string
  readonly entries: readonly CatalogueEntry[]
}

export const waitedOut = 'by itself: for about a minute in the Run, then in the next Run'
export const nextRun = 'by itself: in the next Run'
