import type { Undeliverable } from '../../../store/plans/plan-statistics.ts'
import { count } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** A code as words: `not found`, `already exists`. */
function codeWords(code: string): string {
  return code === '' ? 'no reason given' : code.replaceAll('-', ' ')
}

/** Records that cannot be delivered or must wait: by reason, with the first few messages. */
export function undeliverableLines(groups: readonly Undeliverable[], colors: Colors): string[] {
  return [
    ...partLines(
      'Cannot be delivered',
      groups.filter(({ kind }) => kind === 'reject'),
      colors,
    ),
    ...partLines(
      'On hold until a later Run',
      groups.filter(({ kind }) => kind === 'wait'),
      colors,
    ),
  ]
}

function partLines(title: string, groups: readonly Undeliverable[], colors: Colors): string[] {
  if (groups.length === 0) return []
  return [
    '',
    `${colors.bold(title)}: ${groups.map((group) => `${count(group.count)} ${codeWords(group.code)}`).join(', ')}`,
    ...groups.flatMap(({ code, count: total, first }) => [
      ...first.map(({ key, message }) => `  ${key}  ${colors.dim(`${message} [${code}]`)}`),
      ...(total > first.length
        ? [colors.dim(`  … and ${count(total - first.length)} more ${codeWords(code)}: --format csv|json lists them`)]
        : []),
    ]),
  ]
}
