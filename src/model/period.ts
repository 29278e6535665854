/** A stretch of time, in unix milliseconds. */
export interface Period {
  readonly from: number
  readonly to: number
}
