import { Fault } from '../../model/fault.ts'
import type { Violation } from '../../rules/guardrails.ts'

/** A guardrail's no: the rules, their figures, and what overrides them for one Run. */
export function guardFault(violations: readonly Violation[], kind: 'blocked' | 'stopped' = 'blocked'): Fault {
  const rules = violations.map(({ rule }) => rule)
  return new Fault(kind, violations.map(({ words }) => words).join(' '), {
    code: rules.length === 1 ? `guard-${rules[0]}` : 'guard-several',
    advice: `Look at the query and the plan. If it is meant, override once with --allow ${rules.join(',')}, or change \`limits\`.`,
  })
}
