/**
 * One difference from what a case expects: an expected and an actual value, or missing and unexpected items of a set.
 */
export interface CaseDifference {
  readonly what: string
  readonly expected?: string
  readonly got?: string
  readonly missing?: readonly string[]
  readonly unexpected?: readonly string[]
  /** Messages of the engine or of Intercom that explain it. */
  readonly cause?: readonly string[]
}
