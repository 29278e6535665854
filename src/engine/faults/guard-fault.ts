import { Fault } from '../../model/fault.ts'
import type { Violation } from '../../rules/guardrails.ts'

/** The Fault of a guardrail: the rules, their figures, and how to override them for one Run. */
export function guardFault(violations: readonly Violation[], kind: 'blocked' | 'stopped' = 'blocked'): Fault {
  const rules = violations.map(({ rule }) => rule)
  return new Fault(kind, violations.map(({ words }) => words).join(' '), {
    code: rules.length === 1 ? `guard-${rules[0]}` : 'guard-several',
    advice: `Review the query and the plan. If the change is intended, override once with --allow ${rules.join(',')}, or change \`limits\`.`,
  })
}
