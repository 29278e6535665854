import type { Key, InvalidRow } from '../model/record.ts'
import type { Row } from '../model/row.ts'
import { identifyBy, type IdentifierComparison, type IdentifierColumn } from './identify.ts'

export interface Mapped {
  readonly keys: readonly Key[]
  /** `Identifying.identities` of each Record; empty if there is only one identifier. */
  readonly identities: readonly (string | null)[]
  /** The Row of each Record, in the order of the keys, and its row number. */
  readonly rows: readonly Row[]
  readonly numbers: readonly number[]
  readonly invalidRows: readonly InvalidRow[]
}

export interface IdentifierMapper {
  /** Query columns to read: the first cells of each Row. */
  readonly columns: readonly string[]
  /** Rows -> Records; other Rows become invalid rows. `firstRow`: the number of the page's first Row, from 1. */
  map(page: readonly Row[], firstRow: number): Mapped
}

/** For objects without Fields: only the identifiers of a Row count, in order of preference. */
export function mapIdentifiers(
  given: readonly IdentifierColumn[],
  comparisons: readonly IdentifierComparison[],
): IdentifierMapper {
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

/** All Rows that share an identifier are invalid, because we cannot know which one is right. */
export function duplicateRow(key: Key, rows: number, column: string): InvalidRow {
  return {
    row: 0,
    key,
    column,
    code: 'duplicate-identifier',
    message: `"${column}" has the value "${key}" in ${rows} rows. The rows ask for different values: return one row for it in the query, for example with "group by".`,
  }
}
