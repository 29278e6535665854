import type { LimitFigures } from './limits/discipline.ts'

/** A limit of the vendor as replies reported it. */
export interface ReportedLimitUse extends LimitFigures {
  readonly name: string
  readonly perMs: number
}

/** The limit with the smallest share left. */
export function tightestLimit(limits: readonly ReportedLimitUse[]): ReportedLimitUse | undefined {
  const shareLeft = ({ limit, remaining }: ReportedLimitUse): number => remaining / Math.max(1, limit)
  return limits.toSorted((a, b) => shareLeft(a) - shareLeft(b))[0]
}
