import type { Fault } from '../model/fault.ts'
import type { Outcome } from '../model/outcome.ts'

const faults = new WeakMap<Outcome, Fault>()

/**
 * Remembers the Fault of an Outcome: without an answer, only the Fault leads back to the request. Returns the Outcome.
 */
export function withCause(outcome: Outcome, fault: Fault): Outcome {
  faults.set(outcome, fault)
  return outcome
}

/**
 * The Fault that caused an Outcome. Undefined if an answer of the Target, or no request of this process, settled it.
 */
export function faultBehind(outcome: Outcome): Fault | undefined {
  return faults.get(outcome)
}
