import { Readable } from 'node:stream'

export type Cells = readonly (string | number | null)[]

/** A stream of CSV (RFC 4180, but with LF line ends). Holds one page in memory. */
export function csvStream(titles: Cells, pages: AsyncIterable<readonly Cells[]>): Readable {
  return Readable.from(texts(titles, pages), { objectMode: false })
}

async function* texts(titles: Cells, pages: AsyncIterable<readonly Cells[]>): AsyncGenerator<string> {
  yield csvLine(titles)
  for await (const rows of pages) if (rows.length > 0) yield rows.map(csvLine).join('')
}

/** One line of CSV. Quotes cells that contain a comma, a quote or a line break. */
export function csvLine(cells: Cells): string {
  return `${cells.map((cell) => quoted(cell === null ? '' : unarmed(String(cell)))).join(',')}\n`
}

/** Prefixes text that a spreadsheet would run as a formula, because Record names are untrusted. Numbers are safe. */
function unarmed(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-][\d .,()-]*$/.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
