/** Who can do something about a failure, and where. */
export type WhoFixes =
  | 'you: the command line'
  | 'you: tailrace.yaml'
  | 'you: the query'
  | 'you: the warehouse'
  | 'you: Intercom'
  | 'you: the machine or network'
  | 'you: the control database'
  | 'you: what was sent'
  | 'you: look, then decide'
  | 'nobody: it passes'
  | 'Tailrace'

/** What there is to know of one kind of failure, in the words in which one would say it aloud. */
export interface CatalogueEntry {
  /** Stable: scripts and people look for it. */
  readonly code: string
  readonly title: string
  /** What happened, and why. */
  readonly cause: string
  readonly whoFixes: WhoFixes
  /** Does Tailrace try again without being told to, and when? */
  readonly retried: 'no' | `by itself: ${string}`
  readonly fix: string
  /** A query that shows, or mends, the trouble in the Warehouse. */
  readonly sql?: string
}

/** The failures of one area, e.g. of tailrace.yaml. */
export interface CatalogueArea {
  readonly title: string
  readonly entries: readonly CatalogueEntry[]
}

export const waitedOut = 'by itself: for about a minute within the Run, then by the next Run'
export const nextRun = 'by itself: by the next Run'
