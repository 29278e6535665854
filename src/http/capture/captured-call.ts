import { faultBehind } from '../../connect/fault-behind.ts'
import { Fault } from '../../model/fault.ts'
import type { Outcome } from '../../model/outcome.ts'

/** One call as it ended. Bodies are the texts as they went over the wire, not copies, so that to witness costs next to nothing. */
export interface CapturedCall {
  readonly method: string
  /** With the base URL's own path and the query. */
  readonly path: string
  readonly body: string | null
  /** Of the last attempt; undefined: no answer came. */
  readonly status: number | undefined
  /** Its beginning, where it is long. */
  readonly answer: string
  readonly requestId: string | undefined
  /** What its caller was told in place of an answer. */
  readonly fault: Fault | undefined
}

/** Far more than is kept of an answer in the end, far less than all of one that is long: those of a whole slice are in memory together. */
const capturedChars = 64 * 1024

/** A copy: a mere part of a string would keep the whole in memory. */
export function beginningOf(text: string): string {
  return text.length <= capturedChars ? text : Buffer.from(text.slice(0, capturedChars)).toString()
}

/** The call that an Outcome comes from: the one that ran into its Fault, or else the one whose request it names. */
export function callBehind(outcome: Outcome, seen: readonly CapturedCall[]): CapturedCall | undefined {
  for (let fault = faultBehind(outcome); fault !== undefined; fault = Fault.is(fault.cause) ? fault.cause : undefined) {
    const call = seen.findLast((each) => each.fault === fault)
    if (call !== undefined) return call
  }
  return outcome.requestId === undefined ? undefined : seen.findLast(({ requestId }) => requestId === outcome.requestId)
}
