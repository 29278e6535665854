import { faultBehind } from '../connect/fault-behind.ts'
import { Fault } from '../model/fault.ts'
import type { Outcome } from '../model/outcome.ts'

/** One call as it ended. Bodies are the texts as they went over the wire: nothing is copied, so to witness costs next to nothing. */
export interface Witnessed {
  readonly method: string
  /** With the base URL's own path and the query. */
  readonly path: string
  readonly body: string | null
  /** Of the last attempt; undefined: no answer came. */
  readonly status: number | undefined
  readonly answer: string
  readonly requestId: string | undefined
  /** What its caller was told in place of an answer. */
  readonly fault: Fault | undefined
}

/** The call that an Outcome comes from: the one that ran into its Fault, or else the one whose request it names. */
export function callBehind(outcome: Outcome, seen: readonly Witnessed[]): Witnessed | undefined {
  for (let fault = faultBehind(outcome); fault !== undefined; fault = Fault.is(fault.cause) ? fault.cause : undefined) {
    const call = seen.findLast((each) => each.fault === fault)
    if (call !== undefined) return call
  }
  return outcome.requestId === undefined ? undefined : seen.findLast(({ requestId }) => requestId === outcome.requestId)
}
