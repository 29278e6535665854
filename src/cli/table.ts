import { stripVTControlCharacters } from 'node:util'

export interface TableColumn {
  readonly title: string
  readonly align?: 'right'
  /** At least this wide, so that pages printed one after another stand below each other. */
  readonly width?: number
}

/** Lines of aligned cells, two spaces apart. Colours in cells take no room. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[], dim: (text: string) => string): string[] {
  const widths = columns.map(({ title, width = 0 }, at) => Math.max(width, title.length, ...rows.map((row) => widthOf(row[at] ?? ''))))
  const line = (cells: readonly string[]): string => columns
    .map(({ align }, at) => {
      const cell = cells[at] ?? ''
      const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)))
      return align === 'right' ? space + cell : cell + space
    })
    .join('  ').trimEnd()
  const titled = columns.some(({ title }) => title !== '')
  return [...titled ? [dim(line(columns.map(({ title }) => title)))] : [], ...rows.map(line)]
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length
}
