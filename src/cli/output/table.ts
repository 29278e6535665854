import { stripVTControlCharacters } from 'node:util'

export interface TableColumn {
  readonly title: string
  readonly align?: 'right'
  /** At least this wide, so that pages printed one after another stand below each other. */
  readonly width?: number
  /** Stands in the first line of a row that takes several, beside the first column. */
  readonly isHead?: boolean
  /** Its cells mean nothing without its title: it stands before them where a row takes several lines, as it does before figures. */
  readonly isNamed?: boolean
  /** Its cells may go on in further lines of their column, where the terminal is too narrow for one. */
  readonly wraps?: boolean
}

export interface TableLook {
  readonly dim: (text: string) => string
  /** Of the terminal. A table that is wider has rows of several lines instead; left out: it may be of any width. */
  readonly width?: number
  /** Rows up to this width are left as they are; left out: the width. */
  readonly tolerated?: number
}

const gap = '  '
/** A column that wraps is at least this wide; where there is less room, its rows take several lines as a whole. */
const leastWrapped = 24
const indent = '    '

/** Lines of aligned cells, two spaces apart. Colours in cells take no room. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[], { dim, width = Number.POSITIVE_INFINITY, tolerated = width }: TableLook): string[] {
  const widths = columns.map(({ title, width: least = 0 }, at) => Math.max(least, title.length, ...rows.map((row) => widthOf(row[at] ?? ''))))
  const room = width - widths.reduce((sum, each, at) => columns[at]?.wraps === true ? sum : sum + each + gap.length, 0)
  const wrapping = columns.findIndex(({ wraps }) => wraps === true)
  const line = (cells: readonly string[]): string => columns
    .map(({ align }, at) => {
      const cell = cells[at] ?? ''
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)))
      return align === 'right' ? space + cell : cell + space
    })
    .join(gap).trimEnd()
  const lines = rows.map(line)
  if (lines.some((each) => widthOf(each) > tolerated)) {
    if (wrapping < 0 || room < leastWrapped) return rows.flatMap((row) => stacked(columns, row, width, dim))
    widths[wrapping] = room
    lines.splice(0, lines.length, ...rows.flatMap((row) => hanging(row, wrapping, room)).map(line))
  }
  const titled = columns.some(({ title }) => title !== '')
  return [...titled ? [dim(line(columns.map(({ title }) => title)))] : [], ...lines]
}

/** A row of which one cell goes on in further lines. */
function hanging(row: readonly string[], at: number, width: number): string[][] {
  return wrapped(row[at] ?? '', width).map((part, index) => row.map((cell, column) => column === at ? part : index === 0 ? cell : ''))
}

/** A row on several lines: what it is about, and below that the other cells, each behind its title. */
function stacked(columns: readonly TableColumn[], row: readonly string[], width: number, dim: (text: string) => string): string[] {
  // A figure alone says nothing.
  const titled = ({ title, cell, align, isNamed = align === 'right' }: TableColumn & { readonly cell: string }): string => isNamed ? `${dim(title)} ${cell}` : cell
  const cells = columns.map((column, at) => ({ ...column, cell: row[at] ?? '', inHead: at === 0 || column.isHead === true })).filter(({ cell }) => cell !== '')
  const head = cells.filter(({ inHead }) => inHead).map(titled).join(gap)
  const rest = cells.filter(({ inHead }) => !inHead).map(titled).join(dim(' · '))
  return [head, ...rest === '' ? [] : wrapped(rest, width - indent.length).map((line) => indent + line)]
}

/** Breaks a text at its spaces; a word that is longer than a line has one of its own. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length
}
