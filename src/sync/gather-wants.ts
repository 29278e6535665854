/** Tags from a column: which column, and what separates names in one cell (none: a cell is one name, or an array). */
export interface MembersColumn {
  readonly column: string
  readonly delimiter?: string | undefined
}

/**
 * The names that one cell asks for: trimmed, without blanks, and each once (without regard to case, unless `matchCase`), in a stable order. Arrays come as
 * the Warehouse writes them: JSON, or PostgreSQL's `{a,"b c"}`.
 */
export function namesIn(cell: string | null, { delimiter }: MembersColumn, isArray: boolean, matchCase = false): string[] {
  if (cell === null) return []
  const parts = isArray ? arrayIn(cell) : delimiter === undefined ? [cell] : cell.split(delimiter)
  const byFold = new Map<string, string>()
  for (const part of parts) {
    const name = part.trim()
    const fold = matchCase ? name : name.toLowerCase()
    if (name !== '' && !byFold.has(fold)) byFold.set(fold, name)
  }
  return [...byFold.keys()].sort().map((fold) => byFold.get(fold) ?? fold)
}

function arrayIn(cell: string): string[] {
  if (cell.startsWith('[')) {
    const parsed: unknown = JSON.parse(cell)
    return Array.isArray(parsed) ? parsed.filter((item) => item !== null).map((item) => typeof item === 'string' ? item : JSON.stringify(item)) : []
  }
  return [...cell.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)]
    .map(([, quoted, plain]) => quoted === undefined ? plain ?? '' : quoted.replace(/\\(.)/g, '$1'))
    .filter((item) => item !== 'NULL')
}
