import type { LimitFigures } from './limits/discipline.ts'

/** A limit of the vendor as replies reported it. */
export interface ReportedLimitUse extends LimitFigures {
  readonly name: string
  readonly perMs: number
}

/** A limit for programs. `returnsAt`: ISO 8601; null if it is not known, or if the window rolls. */
export interface ShownLimit {
  readonly name: string
  readonly perMs: number
  readonly limit: number
  readonly left: number
  readonly returnsAt: string | null
}

export function showLimits(limits: readonly ReportedLimitUse[]): ShownLimit[] {
  return limits.map(({ name, perMs, limit, remaining, resetsAt }) => ({
    name,
    perMs,
    limit,
    left: remaining,
    returnsAt: resetsAt === undefined ? null : new Date(resetsAt).toISOString(),
  }))
}

/** The limit with the smallest share left. */
export function tightestLimit(limits: readonly ReportedLimitUse[]): ReportedLimitUse | undefined {
  const shareLeft = ({ limit, remaining }: ReportedLimitUse): number => remaining / Math.max(1, limit)
  return limits.toSorted((a, b) => shareLeft(a) - shareLeft(b))[0]
}
