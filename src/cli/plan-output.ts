import type { PlannedOperation } from '../store/operations.ts'
import { csvLine } from './csv.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

export type PlanFormat = 'table' | 'csv' | 'json'

const whys = {
  new: 'new in the query',
  changed: 'asks for other tags than before',
  left: 'left the query',
  undo: 'takes back what a Run did',
  'in-doubt': 'in doubt: read first, then sent if it is missing',
  retry: 'refused before, and due again',
} as const

/** Prints Operations page by page as they are read, so that a Plan of any size takes no memory. */
export interface PlanOutput {
  add(page: readonly PlannedOperation[]): Promise<void>
  readonly shown: number
}

export function createPlanOutput(terminal: Terminal, format: PlanFormat, members: readonly string[], limit: number): PlanOutput {
  const tags = members.join(', ')
  let shown = 0
  let width = 0

  const tableText = (page: readonly PlannedOperation[]): string => {
    const { green, red, dim } = terminal.colors
    if (shown === 0) width = Math.max(...page.map(({ key }) => key.length))
    const lines = table(
      [{ title: shown === 0 ? 'record' : '', width }, { title: shown === 0 ? 'what' : '' }, { title: shown === 0 ? 'why' : '' }],
      page.map(({ key, kind, reason }) => [key, kind === 'remove' ? red(`− ${tags}`) : green(`+ ${tags}`), dim(whys[reason])]),
      dim,
    )
    return `${lines.join('\n')}\n`
  }
  const texts: Readonly<Record<PlanFormat, (page: readonly PlannedOperation[]) => string>> = {
    table: tableText,
    csv: (page) => (shown === 0 ? csvLine(['record', 'operation', 'members', 'reason']) : '')
      + page.map(({ key, kind, reason }) => csvLine([key, kind, members.join('; '), reason])).join(''),
    json: (page) => page.map(({ key, kind, reason }) => `${JSON.stringify({ record: key, operation: kind, members, reason })}\n`).join(''),
  }
  return {
    async add(page) {
      const part = page.slice(0, limit - shown)
      if (part.length === 0 || terminal.readerGone) return
      const text = texts[format](part)
      shown += part.length
      await terminal.write(text)
    },
    get shown() {
      return shown
    },
  }
}
