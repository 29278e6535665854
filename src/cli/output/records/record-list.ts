import type { Pool } from 'pg'
import { readInvalidRows } from '../../../store/ledger/invalid-rows.ts'
import { readOutcomes, type LedgerEntry, type OutcomeStatus } from '../../../store/ledger/ledger.ts'
import { csvLine } from '../../../api/csv.ts'
import { outcomeWord } from '../../../model/words/outcomes.ts'
import { table } from '../table.ts'
import type { Terminal } from '../../../server/process/terminal.ts'

export type RecordChoice = 'failed' | 'all' | 'invalid'
export type RecordFormat = 'table' | 'csv'

const pageSize = 5000
const statusesOf: Readonly<Record<'failed' | 'all', readonly OutcomeStatus[]>> = {
  failed: ['rejected', 'on-hold', 'unconfirmed'],
  all: ['delivered', 'in-place', 'rejected', 'on-hold', 'unconfirmed'],
}

/** A Run's Records in pages, in the order of its Plan. */
export function readRecords(
  pool: Pool,
  runId: number,
  choice: 'failed' | 'all',
): AsyncIterable<readonly LedgerEntry[]> {
  return readOutcomes(pool, runId, statusesOf[choice], pageSize)
}

export interface RunOfList {
  readonly id: number
  /** True if the Run writes Fields, so that a failure may belong to one Field. Otherwise it writes links. */
  readonly hasFields: boolean
  /** Returns the name of a group by its id. */
  readonly nameOf: (group: string) => string
}

/** Streams a Run's Records, or its invalid rows, page by page to stdout. Returns their number. */
export async function printRecords(
  terminal: Terminal,
  pool: Pool,
  run: RunOfList,
  choice: RecordChoice,
  format: RecordFormat,
): Promise<number> {
  let printed = 0
  let widths: readonly number[] = []
  const { titles, pages } = choice === 'invalid' ? invalidRows(pool, run.id) : outcomes(pool, run, choice, format)
  const add = async (rows: readonly Cells[]): Promise<void> => {
    const isFirst = printed === 0
    printed += rows.length
    if (format === 'csv') return await terminal.write((isFirst ? csvLine(titles) : '') + rows.map(csvLine).join(''))
    const cells = rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell).replaceAll(/\s+/g, ' '))))
    // All pages use the column widths of the first page. A longer cell later shifts only its own line.
    if (isFirst) widths = titles.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)))
    const lines = table(
      titles.map((title, at) => ({
        title: isFirst ? title : '',
        width: widths[at] ?? 0,
        isHead: at < 2,
        wraps: title === 'message',
      })),
      cells,
      { dim: terminal.colors.dim, width: terminal.width },
    )
    await terminal.write(`${lines.join('\n')}\n`)
  }
  for await (const rows of pages) {
    if (terminal.readerGone) break
    await add(rows)
  }
  if (printed === 0 && format === 'csv') await terminal.write(csvLine(titles))
  return printed
}

type Cells = readonly (string | number | null)[]
interface Listing {
  readonly titles: readonly string[]
  readonly pages: AsyncIterable<readonly Cells[]> | Iterable<readonly Cells[]>
}

function outcomes(
  pool: Pool,
  { id, hasFields, nameOf }: RunOfList,
  choice: 'failed' | 'all',
  format: RecordFormat,
): Listing {
  const pages = readRecords(pool, id, choice)
  return format === 'csv'
    ? {
        titles: [
          'record',
          'operation',
          'reason',
          'outcome',
          'code',
          'message',
          'field',
          'http_status',
          'request_id',
          'target_id',
          'at',
          ...(hasFields ? [] : ['group']),
          'before',
          'after',
        ],
        pages: mapped(pages, (entry) => csvCells(entry, hasFields, nameOf)),
      }
    : {
        titles: [
          'record',
          ...(hasFields ? [] : ['operation']),
          'outcome',
          'code',
          ...(hasFields ? ['field'] : []),
          'message',
          'request',
        ],
        pages: mapped(pages, (entry) => tableCells(entry, hasFields, nameOf)),
      }
}

function invalidRows(pool: Pool, runId: number): Listing {
  return {
    titles: ['row', 'record', 'code', 'column', 'message'],
    pages: mapped(readInvalidRows(pool, runId), ({ row, key, code, column, message }) => [
      row,
      key,
      code,
      column,
      message,
    ]),
  }
}

/** Field values are JSON. */
function csvCells(entry: LedgerEntry, hasFields: boolean, nameOf: RunOfList['nameOf']): Cells {
  const { key, group, kind, reason, status, code, message, field, httpStatus, requestId, targetId, at, before, after } =
    entry
  const json = (values: LedgerEntry['before']): string | null => (values === null ? null : JSON.stringify(values))
  return [
    key,
    kind,
    reason,
    outcomeWord(status),
    code,
    message,
    field,
    httpStatus,
    requestId,
    targetId,
    at.toISOString(),
    ...(hasFields ? [] : [group === '' ? null : nameOf(group)]),
    json(before),
    json(after),
  ]
}

function tableCells(
  { key, group, kind, status, code, field, message, requestId }: LedgerEntry,
  hasFields: boolean,
  nameOf: RunOfList['nameOf'],
): Cells {
  return [
    key,
    ...(hasFields ? [] : [group === '' ? kind : `${kind} ${nameOf(group)}`]),
    outcomeWord(status),
    code,
    ...(hasFields ? [field] : []),
    message,
    requestId,
  ]
}

async function* mapped<Entry>(
  pages: AsyncIterable<readonly Entry[]>,
  cells: (entry: Entry) => Cells,
): AsyncIterable<readonly Cells[]> {
  for await (const page of pages) if (page.length > 0) yield page.map(cells)
}
