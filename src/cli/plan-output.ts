import type { Reason } from '../model/operation.ts'
import type { PlannedOperation } from '../store/operations.ts'
import { csvLine } from './csv.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

export type PlanFormat = 'table' | 'csv' | 'json'

const whys: Readonly<Record<Reason, string>> = {
  new: 'new in the query',
  changed: 'asks for other tags than before',
  left: 'left the query',
  undo: 'takes back what a Run did',
  'in-doubt': 'in doubt: read first, then sent if it is missing',
  retry: 'refused before, and due again',
}

/** One line of a Plan as scripts get it: members by name. `note`: why a `keep` keeps. */
export interface ShownLine {
  readonly record: string
  readonly operation: PlannedOperation['kind']
  readonly members: readonly string[]
  readonly reason: Reason
  readonly note: PlannedOperation['note']
}

export function shownLine({ key, kind, reason, members, note }: PlannedOperation, nameOf: (member: string) => string): ShownLine {
  return { record: key, operation: kind, members: members.map(nameOf), reason, note }
}

/** Prints lines page by page as they are read, so that a Plan of any size takes no memory. */
export interface PlanOutput {
  add(page: readonly PlannedOperation[]): Promise<void>
  /** It shows no more: its limit is reached, or nobody reads it. */
  readonly isFull: boolean
  readonly shown: number
}

export function createPlanOutput(terminal: Terminal, format: PlanFormat, nameOf: (member: string) => string, limit: number): PlanOutput {
  let shown = 0
  let width = 0

  const tableText = (page: readonly ShownLine[]): string => {
    const { green, red, dim } = terminal.colors
    if (shown === 0) width = page.reduce((most, { record }) => Math.max(most, record.length), 0)
    const lines = table(
      [{ title: shown === 0 ? 'record' : '', width }, { title: shown === 0 ? 'what' : '' }, { title: shown === 0 ? 'why' : '' }],
      page.map(({ record, operation, members, reason }) => {
        const names = members.join(', ')
        return [record, operation === 'remove' ? red(`− ${names}`) : green(`+ ${names}`), dim(whys[reason])]
      }),
      dim,
    )
    return `${lines.join('\n')}\n`
  }
  const texts: Readonly<Record<PlanFormat, (page: readonly ShownLine[]) => string>> = {
    table: tableText,
    csv: (page) => (shown === 0 ? csvLine(['record', 'operation', 'members', 'reason', 'note']) : '')
      + page.map(({ record, operation, members, reason, note }) => csvLine([record, operation, members.join('; '), reason, note])).join(''),
    json: (page) => page.map((line) => `${JSON.stringify(line)}\n`).join(''),
  }
  return {
    async add(page) {
      const part = page.slice(0, limit - shown).map((line) => shownLine(line, nameOf))
      if (part.length === 0 || terminal.readerGone) return
      const text = texts[format](part)
      shown += part.length
      await terminal.write(text)
    },
    get isFull() {
      return shown >= limit || terminal.readerGone
    },
    get shown() {
      return shown
    },
  }
}
