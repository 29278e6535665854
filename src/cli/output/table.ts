import { stripVTControlCharacters } from 'node:util'

export interface TableColumn {
  readonly title: string
  readonly align?: 'right'
  /** Minimum width, so that columns align across pages printed one after another. */
  readonly width?: number
  /** In a row of several lines, this cell is in the first line, beside the first column. */
  readonly isHead?: boolean
  /** In a row of several lines, the title is printed before the cell, as for numbers. */
  readonly isNamed?: boolean
  /** Long cells wrap within their column if the terminal is too narrow. */
  readonly wraps?: boolean
}

export interface TableLook {
  readonly dim: (text: string) => string
  /** Terminal width. In a wider table each row takes several lines. Omitted: no limit. */
  readonly width?: number
  /** Rows up to this width stay on one line. Default: `width`. */
  readonly tolerated?: number
}

const gap = '  '
/** Minimum width of a wrapped column. With less room, each row takes several lines. */
const leastWrapped = 24
const indent = '    '

/** Aligned cells, two spaces apart. Color codes do not count as width. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { dim, width = Number.POSITIVE_INFINITY, tolerated = width }: TableLook,
): string[] {
  const widths = columns.map(({ title, width: least = 0 }, at) =>
    Math.max(least, title.length, ...rows.map((row) => widthOf(row[at] ?? ''))),
  )
  const room =
    width - widths.reduce((sum, each, at) => (columns[at]?.wraps === true ? sum : sum + each + gap.length), 0)
  const wrapping = columns.findIndex(({ wraps }) => wraps === true)
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? ''
        const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)))
        return align === 'right' ? space + cell : cell + space
      })
      .join(gap)
      .trimEnd()
  const lines = rows.map(line)
  if (lines.some((each) => widthOf(each) > tolerated)) {
    if (wrapping < 0 || room < leastWrapped) return rows.flatMap((row) => stacked(columns, row, width, dim))
    widths[wrapping] = room
    lines.splice(0, lines.length, ...rows.flatMap((row) => hanging(row, wrapping, room)).map(line))
  }
  const titled = columns.some(({ title }) => title !== '')
  return [...(titled ? [dim(line(columns.map(({ title }) => title)))] : []), ...lines]
}

/** A row of which one cell wraps to further lines. */
function hanging(row: readonly string[], at: number, width: number): string[][] {
  return wrapped(row[at] ?? '', width).map((part, index) =>
    row.map((cell, column) => (column === at ? part : index === 0 ? cell : '')),
  )
}

/** A row on several lines: the head cells first, then the others. */
function stacked(
  columns: readonly TableColumn[],
  row: readonly string[],
  width: number,
  dim: (text: string) => string,
): string[] {
  // A number means nothing without its title.
  const titled = ({
    title,
    cell,
    align,
    isNamed = align === 'right',
  }: TableColumn & { readonly cell: string }): string => (isNamed ? `${dim(title)} ${cell}` : cell)
  const cells = columns
    .map((column, at) => ({ ...column, cell: row[at] ?? '', inHead: at === 0 || column.isHead === true }))
    .filter(({ cell }) => cell !== '')
  const head = cells
    .filter(({ inHead }) => inHead)
    .map(titled)
    .join(gap)
  const rest = cells
    .filter(({ inHead }) => !inHead)
    .map(titled)
    .join(dim(' · '))
  return [head, ...(rest === '' ? [] : wrapped(rest, width - indent.length).map((line) => indent + line))]
}

/** Breaks text at spaces. A word longer than the width gets its own line. */
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
