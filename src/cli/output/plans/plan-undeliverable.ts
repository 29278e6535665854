import type { Undeliverable } from '../../../store/plans/plan-statistics.ts'
import { count } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** `not found`, `already exists`: a code as one says it. */
function codeWords(code: string): string {
  return code === '' ? 'no reason given' : code.replaceAll('-', ' ')
}

/** What a Plan cannot deliver, and what has to wait: by reason, the first few with their words. */
export function undeliverableLines(groups: readonly Undeliverable[], colors: Colors): string[] {
  return [
    ...partLines('Cannot be delivered', groups.filter(({ kind }) => kind === 'reject'), colors),
    ...partLines('On hold until a later Run', groups.filter(({ kind }) => kind === 'wait'), colors),
  ]
}

function partLines(title: string, groups: readonly Undeliverable[], colors: Colors): string[] {
  if (groups.length === 0) return []
  return [
    '', `${colors.bold(title)}: ${groups.map((group) => `${count(group.count)} ${codeWords(group.code)}`).join(', ')}`,
    ...groups.flatMap(({ code, count: total, first }) => [
      ...first.map(({ key, message }) => `  ${key}  ${colors.dim(`${message} [${code}]`)}`),
      ...total > first.length ? [colors.dim(`  … and ${count(total - first.length)} more ${codeWords(code)}: --format csv|json lists them`)] : [],
    ]),
  ]
}
