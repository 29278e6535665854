import type { FailureGroup, RefusalGroup } from '../store/failures.ts'
import type { OutcomeStatus } from '../store/ledger.ts'
import { count } from './figures.ts'
import type { Colors } from './terminal.ts'

/** So many of each kind of failure are named where a Run is summed up. */
export const namedFailures = 3

const titles: Readonly<Partial<Record<OutcomeStatus, string>>> = {
  rejected: 'Not loaded', uncertain: 'In doubt', deferred: 'On hold',
}
const consequences: Readonly<Partial<Record<OutcomeStatus, string>>> = {
  uncertain: 'sent without a clear answer; the next Run settles it',
  deferred: 'the next Run sends it again',
}

/** What failed, by reason, the first few with their words and the vendor's request id. */
export function failureLines(groups: readonly FailureGroup[], colors: Colors): string[] {
  return (['rejected', 'uncertain', 'deferred'] as const).flatMap((status) => {
    const alike = groups.filter((group) => group.status === status)
    if (alike.length === 0) return []
    const total = alike.reduce((sum, group) => sum + group.count, 0)
    const consequence = consequences[status] === undefined ? '' : colors.dim(` (${consequences[status]})`)
    return ['', `${colors.bold(titles[status] ?? status)}: ${count(total)}${consequence}`, ...alike.flatMap((group) => groupLines(group, colors))]
  })
}

function groupLines({ status, code, count: total, first }: FailureGroup, colors: Colors): string[] {
  const words = new Set(first.map(({ message }) => message))
  const [example] = words
  const head = `  ${code || 'no reason given'}: ${count(total)}`
  // Whoever is on hold will be sent again: why is enough, without who.
  if (status === 'deferred' || (words.size === 1 && total > namedFailures)) return [`${head}  ${colors.dim(example ?? '')}`]
  const more = total - first.length
  return [
    head,
    ...first.map(({ key, message, requestId }) => `    ${key}  ${colors.dim(`${message}${requestId === null ? '' : ` (request ${requestId})`}`)}`),
    ...(more > 0 ? [colors.dim(`    … and ${count(more)} more`)] : []),
  ]
}

/** Rows that could not become Records, by reason. `total` counts them all, also those not kept by name. */
export function refusalLines(groups: readonly RefusalGroup[], total: number, colors: Colors): string[] {
  if (total === 0) return []
  return [
    '', `${colors.bold('Refused rows')}: ${count(total)}${colors.dim(' (they cannot become records)')}`,
    ...groups.flatMap(({ code, named, first }) => [
      `  ${code}: ${count(named)}${named >= 1000 ? ' or more' : ''}`,
      ...first.map(({ message }) => `    ${colors.dim(message)}`),
      ...(named > first.length ? [colors.dim(`    … and ${count(named - first.length)} more`)] : []),
    ]),
  ]
}
