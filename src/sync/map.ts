import type { Key, Refusal } from '../model/record.ts'
import type { Cell, Row } from '../model/row.ts'

export interface Mapped {
  readonly keys: readonly Key[]
  /** The second cell of each Record's Row, in the order of the keys; empty where Rows have but one. */
  readonly cells: readonly Cell[]
  readonly refusals: readonly Refusal[]
}

/** Longer identifiers exist in no Target, and no index would hold them. */
const longestIdentifier = 500

/**
 * Rows -> Records, for objects whose only mapped field is the identifier (the first cell of each Row). Identifiers are
 * taken as they are, to the last space and zero; what cannot be one is refused by name. `firstRow` is the number of
 * the page's first Row, from 1.
 */
export function mapPage(page: readonly Row[], firstRow: number, column: string): Mapped {
  const keys: Key[] = []
  const cells: Cell[] = []
  const refusals: Refusal[] = []
  for (let index = 0; index < page.length; index += 1) {
    const row = page[index] ?? []
    const cell = row[0] ?? null
    const refusal = refuse(cell, firstRow + index, column)
    if (refusal !== undefined) refusals.push(refusal)
    else if (cell !== null) {
      keys.push(cell)
      if (row.length > 1) cells.push(row[1] ?? null)
    }
  }
  return { keys, cells, refusals }
}

function refuse(cell: string | null, row: number, column: string): Refusal | undefined {
  if (cell === null) {
    return { row, key: null, column, code: 'null-identifier', message: `Row ${row}: "${column}" is null, so no record can be found by it.` }
  }
  // Nearly every cell starts with a printing character; only the others are worth a look at all of it.
  if (cell.charCodeAt(0) > 32 && cell.length <= longestIdentifier && !cell.includes('\0')) return undefined
  if (cell.trim() === '') {
    return { row, key: cell, column, code: 'blank-identifier', message: `Row ${row}: "${column}" is blank, so no record can be found by it.` }
  }
  if (cell.length > longestIdentifier) {
    return {
      row, key: cell.slice(0, longestIdentifier), column, code: 'invalid-identifier',
      message: `Row ${row}: "${column}" has ${cell.length} characters; an identifier has at most ${longestIdentifier}.`,
    }
  }
  if (cell.includes('\0')) {
    return { row, key: cell.replaceAll('\0', '�'), column, code: 'invalid-identifier', message: `Row ${row}: "${column}" contains a NUL character.` }
  }
  return undefined
}

/** All Rows that share an identifier are refused: which of them is meant is not ours to pick. */
export function refuseDuplicate(key: Key, rows: number, column: string): Refusal {
  return {
    row: 0, key, column, code: 'duplicate-identifier',
    message: `"${column}" has the value "${key}" in ${rows} rows. Make it unique in the query, e.g. with "select distinct".`,
  }
}
