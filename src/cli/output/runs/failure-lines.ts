import type { FailureGroup } from '../../../store/ledger/failures.ts'
import type { InvalidRowGroup } from '../../../store/ledger/invalid-rows.ts'
import { count } from '../../../model/figures.ts'
import { outcomeWords } from '../../../model/words/outcomes.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** Number of examples of each failure in a Run's summary. */
export const namedFailures = 3

/** Failures by reason, with the first few messages and the vendor's request ids. */
export function failureLines(groups: readonly FailureGroup[], colors: Colors): string[] {
  return (['rejected', 'unconfirmed', 'on-hold'] as const).flatMap((status) => {
    const alike = groups.filter((group) => group.status === status)
    if (alike.length === 0) return []
    const total = alike.reduce((sum, group) => sum + group.count, 0)
    return [
      '',
      `${colors.bold(outcomeWords[status].word)}: ${count(total)}${colors.dim(` (${outcomeWords[status].next})`)}`,
      ...alike.flatMap((group) => groupLines(group, colors)),
    ]
  })
}

function groupLines({ status, code, count: total, first }: FailureGroup, colors: Colors): string[] {
  const words = new Set(first.map(({ message }) => message))
  const [example] = words
  const head = `  ${code || 'no reason given'}: ${count(total)}`
  // The next Run sends Records on hold again, so the reason is enough, without their names.
  if (status === 'on-hold' || (words.size === 1 && total > namedFailures))
    return [`${head}  ${colors.dim(example ?? '')}`]
  const more = total - first.length
  return [
    head,
    ...first.map(
      ({ key, message, requestId }) =>
        `    ${key}  ${colors.dim(`${message}${requestId === null ? '' : ` (request ${requestId})`}`)}`,
    ),
    ...(more > 0 ? [colors.dim(`    … and ${count(more)} more`)] : []),
  ]
}

/** Invalid rows by reason and column. */
export function invalidRowLines(groups: readonly InvalidRowGroup[], total: number, colors: Colors): string[] {
  if (total === 0) return []
  return [
    '',
    `${colors.bold('Invalid rows')}: ${count(total)}${colors.dim(' (they cannot become records)')}`,
    ...groups.flatMap(({ code, column, count: rows, first }) => [
      `  ${code}: ${count(rows)} ${colors.dim(`in "${column}"`)}`,
      ...first.map(({ message }) => `    ${colors.dim(message)}`),
      ...(rows > first.length ? [colors.dim(`    … and ${count(rows - first.length)} more`)] : []),
    ]),
  ]
}
