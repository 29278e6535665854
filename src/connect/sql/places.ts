/** A place in a statement, as warehouses say it. Lines and columns count from 1, columns in characters. */
export type StatementPlace =
  | { readonly character: number }
  | { readonly byte: number }
  | { readonly line: number; readonly column: number }

/** The place as an offset in UTF-16 units. `character` (code points) and `byte` (UTF-8) count from 0. */
export function offsetIn(text: string, place: StatementPlace): number {
  if ('character' in place) return [...text].slice(0, place.character).join('').length
  if ('byte' in place) return Buffer.from(text).subarray(0, place.byte).toString().length
  const lines = text.split('\n')
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
  return before + offsetIn(lines[place.line - 1] ?? '', { character: place.column - 1 })
}

/** The same in the user's SQL of a wrapped query. Undefined: the place is in the text around it. */
export function offsetInQuery(
  { text, offset }: { readonly text: string; readonly offset: number },
  sql: string,
  place: StatementPlace,
): number | undefined {
  const at = offsetIn(text, place) - offset
  return at < 0 || at > sql.length ? undefined : at
}
