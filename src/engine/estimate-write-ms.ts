import type { ReportedLimitUse } from '../http/reported-limits.ts'
import type { Activation } from './activation.ts'

/**
 * The longest wait over all limits that apply to every call. Of each, the first period is available at once, and each
 * further one costs a full wait. Undefined before a limit was reported.
 */
export function estimateWriteMs(
  calls: number,
  reported: readonly ReportedLimitUse[],
  { target }: Activation,
): number | undefined {
  if (reported.length === 0) return undefined
  const waits = target.spec.http(target.config).limits.map(({ name, applies, requests, perMs, reserve = 0 }) => {
    const limit = reported.find((known) => known.name === name)?.limit ?? requests
    const usable = Math.max(1, Math.floor(limit * (1 - reserve)))
    return applies === undefined ? Math.max(0, Math.ceil(calls / usable) - 1) * perMs : 0
  })
  return Math.max(...waits)
}
