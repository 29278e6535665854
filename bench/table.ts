export type Cells = readonly string[]

/** A Markdown table. The first column is left-aligned, figures are right-aligned. */
export function tableLines(head: Cells, rows: readonly Cells[]): string[] {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: Cells): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  return [
    line(head),
    `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`,
    ...rows.map(line),
  ]
}

export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en-US')
}

/** Middle, minimum and maximum: `1.23 (1.10..1.40)`. */
export function spread(figures: readonly number[], middle: number, show: (figure: number) => string): string {
  return figures.length < 2
    ? show(middle)
    : `${show(middle)} (${show(Math.min(...figures))}..${show(Math.max(...figures))})`
}
