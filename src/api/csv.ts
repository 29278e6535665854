import { Readable } from 'node:stream'

export type Cells = readonly (string | number | null)[]

/** A table as a stream of CSV (RFC 4180, with plain line ends); memory stays flat. */
export function csvStream(titles: Cells, pages: AsyncIterable<readonly Cells[]>): Readable {
  return Readable.from(texts(titles, pages), { objectMode: false })
}

async function* texts(titles: Cells, pages: AsyncIterable<readonly Cells[]>): AsyncGenerator<string> {
  yield csvLine(titles)
  for await (const rows of pages) if (rows.length > 0) yield rows.map(csvLine).join('')
}

/** One line of CSV: quoted where a cell holds a comma, a quote or a line break. */
export function csvLine(cells: Cells): string {
  return `${cells.map((cell) => quoted(cell === null ? '' : unarmed(String(cell)))).join(',')}\n`
}

/** A spreadsheet takes for a formula what begins so, and what records are called is not ours to trust; numbers do no harm. */
function unarmed(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-][\d .,()-]*$/.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
