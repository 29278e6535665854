import { shownLine, type LineNames, type ShownLine } from '../../../engine/saved-plans/shown-line.ts'
import type { PlannedOperation } from '../../../store/plans/operations.ts'
import { csvLine } from '../../../api/csv.ts'
import { table } from '../table.ts'
import { usualWidth, type Terminal, type Colors } from '../../../server/process/terminal.ts'
import type { Fields } from '../../../model/field.ts'
import type { PlannedKind, Reason } from '../../../model/operation.ts'
import { changesWords, fieldsWords } from '../record-words.ts'

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

/** Marks for the effect on the target record: created, changed, created or changed, removed. */
const marks: Readonly<Partial<Record<PlannedKind, string>>> = {
  create: '+',
  restore: '+',
  update: '~',
  upsert: '+~',
  delete: '−',
  archive: '−',
}

/** The Record, with the mark of its operation; for links the group has it. `upsertsCreate`: as in a PlanReport. */
function recordCell(record: string, kind: PlannedKind, upsertsCreate: boolean): string {
  const mark = marks[kind === 'upsert' && upsertsCreate ? 'create' : kind]
  return mark === undefined ? record : `${mark} ${record}`
}

/** The operation in words, with group names. Shows the target id unless it is the Record's name. */
function askedWords(
  { key, kind, group, parts, targetId, asks, before }: PlannedOperation,
  nameOf: (group: string) => string,
  upsertsCreate: boolean,
  colors: Colors,
): string {
  const { green, red, yellow, dim } = colors
  const id =
    targetId === null || targetId === key
      ? ''
      : dim(` (id ${targetId}${kind === 'update' && parts > 1 ? `, one of ${parts}` : ''})`)
  const fields = asks === null ? {} : (JSON.parse(asks) as Fields)
  const was = before === null ? null : (JSON.parse(before) as Fields)
  const hasFields = Object.keys(fields).length > 0
  switch (kind === 'upsert' && upsertsCreate ? 'create' : kind) {
    case 'attach':
      return green(`+ ${nameOf(group)}`) + id
    case 'detach':
      return red(`− ${nameOf(group)}`) + id
    case 'create':
      return green(hasFields ? fieldsWords(fields) : 'with only its identifier')
    case 'update':
      return yellow(changesWords(fields, was)) + id
    case 'upsert':
      return yellow(hasFields ? changesWords(fields, was) : 'with only its identifier') + id
    case 'delete':
      return red('delete permanently') + id
    case 'archive':
      return red('archive') + id
    case 'restore':
      return green('unarchive') + id
    default:
      return kind
  }
}

const whys: Readonly<Record<Reason, string>> = {
  new: 'new in the query',
  changed: 'changed in the query',
  left: 'no longer in the query',
  undo: 'undoes a Run',
  unconfirmed: 'unconfirmed: read first, then sent if it is missing',
  retry: 'not loaded before, now retried',
}

function whyWords({ reason }: Pick<PlannedOperation, 'reason'>): string {
  return whys[reason]
}
