/** Something that is not as a case expects it: what was wanted and found, or what is missing from a set, and too much in it. */
export interface CaseDifference {
  readonly what: string
  readonly expected?: string
  readonly got?: string
  readonly missing?: readonly string[]
  readonly unexpected?: readonly string[]
  /** Words of the engine or of Intercom that say why. */
  readonly cause?: readonly string[]
}
