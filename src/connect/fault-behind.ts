import type { Fault } from '../model/fault.ts'
import type { Outcome } from '../model/outcome.ts'

const faults = new WeakMap<Outcome, Fault>()

/** Notes which Fault an Outcome comes from: of a call without an answer, nothing else leads back to what was asked. Answers the Outcome. */
export function withCause(outcome: Outcome, fault: Fault): Outcome {
  faults.set(outcome, fault)
  return outcome
}

/** The Fault that an Outcome comes from; undefined where an answer, or none of ours, settled it. */
export function faultBehind(outcome: Outcome): Fault | undefined {
  return faults.get(outcome)
}
