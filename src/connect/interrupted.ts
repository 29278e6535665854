import { Fault } from '../model/fault.ts'
import type { Outcomes } from '../model/outcome.ts'

const brand = Symbol.for('tailrace.Interrupted')

/**
 * A Fault thrown when part of a `deliver` was already answered. It carries the Outcomes collected so far.
 * It has the kind, code and message of the original Fault, so code that only knows Faults handles it correctly.
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

/**
 * The Outcomes that a thrown Fault carries; empty for anything else. Code that catches an error of `deliver` settles
 * them first.
 */
export function partialOutcomes(error: unknown): Outcomes {
  return typeof error === 'object' && error !== null && brand in error
    ? (error as object as Interrupted).outcomes
    : new Map()
}
