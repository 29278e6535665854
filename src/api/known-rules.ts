import { guardRules, type GuardRule } from '../rules/guardrails.ts'
import { draftProblem } from './project/draft-fault.ts'

/** The guardrails that a request's `allow` names. Throws a DraftFault for an unknown one. */
export function knownRules(given: readonly string[]): GuardRule[] {
  const strange = given.findIndex((rule) => !guardRules.includes(rule as GuardRule))
  if (strange !== -1)
    throw draftProblem(
      `/allow/${strange}`,
      `there is no guardrail "${given[strange]}"; there are ${guardRules.join(', ')}`,
      'request-invalid',
    )
  return given as GuardRule[]
}
