import type { Key, InvalidRow } from '../model/record.ts'
import type { Row } from '../model/row.ts'
import { identifyBy, type IdentifierComparison, type IdentifierColumn } from './identify.ts'

export interface Mapped {
  readonly keys: readonly Key[]
  /** Of each Record, as `Identifying.identities` says; empty where there is but one identifier. */
  readonly identities: readonly (string | null)[]
  /** The Row of each Record, in the order of the keys, and its number. */
  readonly rows: readonly Row[]
  readonly numbers: readonly number[]
  readonly invalidRows: readonly InvalidRow[]
}

export interface IdentifierMapper {
  /** Query fields to read: the first cells of each Row. */
  readonly columns: readonly string[]
  /** Rows -> Records; what cannot be one is refused by name. `firstRow` is the number of the page's first Row, from 1. */
  map(page: readonly Row[], firstRow: number): Mapped
}

/** For objects that have no Fields: of each Row only its identifiers count, in the order in which they are preferred. */
export function mapIdentifiers(given: readonly IdentifierColumn[], comparisons: readonly IdentifierComparison[]): IdentifierMapper {
  const identifying = identifyBy(given, comparisons)
  return {
    columns: identifying.columns,
    map(page, firstRow) {
      const keys: Key[] = []
      const identities: (string | null)[] = []
      const rows: Row[] = []
      const numbers: number[] = []
      const invalidRows: InvalidRow[] = []
      for (let index = 0; index < page.length; index += 1) {
        const row = page[index] ?? []
        const key = identifying.key(row, firstRow + index)
        if (typeof key !== 'string') {
          invalidRows.push(key)
          continue
        }
        keys.push(key)
        rows.push(row)
        numbers.push(firstRow + index)
        if (!identifying.isSingle) identities.push(identifying.identities(row))
      }
      return { keys, identities, rows, numbers, invalidRows }
    },
  }
}

/** All Rows that share an identifier are refused: which of them is meant is not ours to pick. */
export function duplicateRow(key: Key, rows: number, column: string): InvalidRow {
  return {
    row: 0, key, column, code: 'duplicate-identifier',
    message: `"${column}" has the value "${key}" in ${rows} rows. They do not say the same: make it one row in the query, e.g. with "group by".`,
  }
}
