import { Fault } from '../model/fault.ts'
import type { Outcomes } from '../model/outcome.ts'

const brand = Symbol.for('tailrace.Interrupted')

/**
 * A Fault that struck while part of a `deliver` was already answered: the Outcomes gathered until then must not be lost.
 * It is a Fault of the same kind, code and words, so that whoever only knows Faults treats it rightly.
 */
export class Interrupted extends Fault {
  readonly outcomes: Outcomes

  constructor(fault: Fault, outcomes: Outcomes) {
    super(fault.kind, fault.message, {
      code: fault.code,
      mayHaveApplied: fault.mayHaveApplied,
      cause: fault,
      ...(fault.advice === undefined ? {} : { advice: fault.advice }),
      ...(fault.where === undefined ? {} : { where: fault.where }),
      ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
    })
    this.outcomes = outcomes
    Object.defineProperty(this, brand, { value: true })
  }
}

/** The Outcomes a thrown Fault carries; empty for anything else. Whoever catches what `deliver` threw settles these first. */
export function partialOutcomes(error: unknown): Outcomes {
  return typeof error === 'object' && error !== null && brand in error ? (error as object as Interrupted).outcomes : new Map()
}
