import type { PlannedOperation } from '../store/operations.ts'
import { csvLine } from '../api/csv.ts'
import { askedWords, recordCell, shownLine, whyWords, type ShownLine } from './plan-line-words.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'

export type PlanFormat = 'table' | 'csv' | 'json'

/** Prints lines page by page as they are read, so that a Plan of any size takes no memory. */
export interface PlanOutput {
  add(page: readonly PlannedOperation[]): Promise<void>
  /** It shows no more: its limit is reached, or nobody reads it. */
  readonly isFull: boolean
  readonly shown: number
}

export interface PlanShownAs {
  readonly nameOf: (member: string) => string
  readonly limit: number
  /** As in a PlanReport. */
  readonly upsertsCreate?: boolean
}

export function createPlanOutput(terminal: Terminal, format: PlanFormat, { nameOf, limit, upsertsCreate = false }: PlanShownAs): PlanOutput {
  let shown = 0
  let width = 0

  const tableText = (page: readonly ShownLine[]): string => {
    const { colors } = terminal
    const cells = page.map((line) => [recordCell(line, upsertsCreate), askedWords(line, upsertsCreate, colors), colors.dim(whyWords(line))])
    if (shown === 0) width = cells.reduce((most, [record = '']) => Math.max(most, record.length), 0)
    const lines = table([{ title: shown === 0 ? 'record' : '', width }, { title: shown === 0 ? 'what' : '' }, { title: shown === 0 ? 'why' : '' }], cells, colors.dim)
    return `${lines.join('\n')}\n`
  }
  const texts: Readonly<Record<PlanFormat, (page: readonly ShownLine[]) => string>> = {
    table: tableText,
    csv: (page) => (shown === 0 ? csvLine(csvTitles) : '') + page.map((line) => csvLine(csvCells(line))).join(''),
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

const csvTitles = ['record', 'operation', 'members', 'reason', 'note', 'target_id', 'fields', 'before', 'code', 'message'] as const

/** Values are JSON. */
function csvCells({ record, operation, members, reason, note, targetId, fields, before, code, message }: ShownLine): (string | null)[] {
  const json = (values: ShownLine['fields']): string | null => values === undefined ? null : JSON.stringify(values)
  return [record, operation, members.join('; '), reason, note, targetId ?? null, json(fields), json(before), code ?? null, message ?? null]
}
