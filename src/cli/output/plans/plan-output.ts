import { shownLine, type LineNames, type ShownLine } from '../../../engine/saved-plans/shown-line.ts'
import type { PlannedOperation } from '../../../store/plans/operations.ts'
import { csvLine } from '../../../api/csv.ts'
import { askedWords, recordCell, whyWords } from './plan-line-words.ts'
import { table } from '../table.ts'
import { usualWidth, type Terminal } from '../../../server/process/terminal.ts'

export type PlanFormat = 'table' | 'csv' | 'json'

/** Prints lines page by page as they are read, so that memory use does not depend on the Plan's size. */
export interface PlanOutput {
  add(page: readonly PlannedOperation[]): Promise<void>
  /** Lines that are no Operations, such as invalid rows. Printed only in CSV and JSON. */
  addLines(lines: readonly ShownLine[]): Promise<void>
  /** Prints the CSV titles if no line was printed. */
  end(): Promise<void>
  /** No more output is needed: the limit is reached, or the reader closed the pipe. */
  readonly isFull: boolean
  readonly shown: number
}

export interface PlanShownAs extends LineNames {
  readonly limit: number
  /** As in a PlanReport. */
  readonly upsertsCreate?: boolean
}

/** Used if the width is unknown, such as in a log: very long lines are unreadable there as well. */
const inLog = { width: usualWidth, tolerated: 2 * usualWidth }

export function createPlanOutput(
  terminal: Terminal,
  format: PlanFormat,
  { nameOf, recordOf, limit, upsertsCreate = false }: PlanShownAs,
): PlanOutput {
  let shown = 0
  let width = 0
  let isBegun = false

  const tableText = (page: readonly PlannedOperation[]): string => {
    const { colors } = terminal
    const cells = page.map((line) => [
      recordCell(recordOf(line), line.kind, upsertsCreate),
      askedWords(line, nameOf, upsertsCreate, colors),
      colors.dim(whyWords(line)),
    ])
    if (shown === 0) width = cells.reduce((most, [record = '']) => Math.max(most, record.length), 0)
    const lines = table(
      [
        { title: shown === 0 ? 'record' : '', width },
        { title: shown === 0 ? 'what' : '' },
        { title: shown === 0 ? 'why' : '' },
      ],
      cells,
      { dim: colors.dim, ...(Number.isFinite(terminal.width) ? { width: terminal.width } : inLog) },
    )
    return `${lines.join('\n')}\n`
  }
  const write = async (text: string, lines: number): Promise<void> => {
    shown += lines
    isBegun = true
    await terminal.write(text)
  }
  const titles = (): string => (format === 'csv' && !isBegun ? csvLine(csvTitles) : '')
  const listText = (lines: readonly ShownLine[]): string =>
    titles() + lines.map((line) => (format === 'csv' ? csvLine(csvCells(line)) : `${JSON.stringify(line)}\n`)).join('')
  return {
    async add(page) {
      const part = page.slice(0, limit - shown)
      if (part.length === 0 || terminal.readerGone) return
      await write(
        format === 'table' ? tableText(part) : listText(part.map((line) => shownLine(line, { nameOf, recordOf }))),
        part.length,
      )
    },
    async addLines(lines) {
      const part = lines.slice(0, limit - shown)
      if (part.length === 0 || terminal.readerGone || format === 'table') return
      await write(listText(part), part.length)
    },
    async end() {
      const text = titles()
      if (text !== '' && !terminal.readerGone) await write(text, 0)
    },
    get isFull() {
      return shown >= limit || terminal.readerGone
    },
    get shown() {
      return shown
    },
  }
}

const csvTitles = [
  'record',
  'group',
  'operation',
  'reason',
  'target_id',
  'fields',
  'before',
  'code',
  'message',
  'row',
] as const

/** Fields are JSON. */
function csvCells({
  record,
  group,
  operation,
  reason,
  targetId,
  fields,
  before,
  code,
  message,
  row,
}: ShownLine): (string | number | null)[] {
  const json = (values: ShownLine['fields']): string | null => (values === undefined ? null : JSON.stringify(values))
  return [
    record,
    group ?? null,
    operation,
    reason,
    targetId ?? null,
    json(fields),
    json(before),
    code ?? null,
    message ?? null,
    row ?? null,
  ]
}
