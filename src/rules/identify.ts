import type { Key, InvalidRow } from '../model/record.ts'
import type { Row } from '../model/row.ts'
import { keyOfIdentity } from './record-key.ts'

/** Which query field holds which identifier. */
export interface IdentifierColumn {
  readonly field: string
  readonly column: string
}

/** How an object compares an identifier: see `Identifier.fold`. */
export interface IdentifierComparison {
  readonly field: string
  readonly fold?: true
}

/** Turns Rows into Keys. A Row's first cells are those of `columns`. */
export interface Identifying {
  /** The query columns to read, each once, the preferred identifier first. */
  readonly columns: readonly string[]
  /** There is only one identifier, so no Row has `identities`. */
  readonly isSingle: boolean
  /**
   * Key of the first identifier that the Row has, as the Target compares it (record-key.ts). A Row without one, or with
   * one that no Target can have, is an invalid row.
   */
  key(row: Row, number: number): Key | InvalidRow
  /** All identifiers of the Row in order, as JSON `[[field, value], …]`; null: only the first, which is the Key. */
  identities(row: Row): string | null
}

/** No Target has longer identifiers, and no index could store them. */
const longestIdentifier = 500

/** Identifiers keep every space and zero. Those that the Target compares without case are trimmed and lowercased. */
export function identifyBy(
  given: readonly IdentifierColumn[],
  comparisons: readonly IdentifierComparison[],
): Identifying {
  const columns = [...new Set(given.map(({ column }) => column))]
  const fields = given.map(({ field }) => field)
  const parts = given.map(({ field, column }) => ({
    field,
    column,
    at: columns.indexOf(column),
    fold: comparisons.some((comparison) => comparison.field === field && comparison.fold === true),
  }))
  const [only] = parts
  if (parts.length === 1 && only !== undefined) {
    const { column, fold } = only
    return {
      columns,
      isSingle: true,
      key(row, number) {
        const cell = row[0] ?? null
        const value = fold && cell !== null ? foldCase(cell) : cell
        return value === null ? isNull([column], number) : (reject(value, number, column) ?? value)
      },
      identities: () => null,
    }
  }
  return {
    columns,
    isSingle: false,
    key(row, number) {
      let found: Key | undefined
      let isBlank = false
      for (const { field, column, at, fold } of parts) {
        const value = valueIn(row, at, fold)
        if (value === null) continue
        const rejection = reject(value, number, column)
        if (rejection?.code === 'blank-identifier') isBlank = true
        else if (rejection !== undefined) return rejection
        else found ??= keyOfIdentity(fields, { field, value })
      }
      return found ?? (isBlank ? allBlank(columns, number) : isNull(columns, number))
    },
    identities(row) {
      const pairs: [string, string][] = []
      for (const { field, at, fold } of parts) {
        const value = valueIn(row, at, fold)
        if (value !== null && value.trim() !== '') pairs.push([field, value])
      }
      return pairs.length === 1 && pairs[0]?.[0] === parts[0]?.field ? null : JSON.stringify(pairs)
    },
  }
}

/** For identifiers that the Target compares without case. */
export function foldCase(text: string): string {
  return text.trim().toLowerCase()
}

function valueIn(row: Row, at: number, fold: boolean): string | null {
  const cell = row[at] ?? null
  return fold && cell !== null ? foldCase(cell) : cell
}

function reject(value: string, row: number, column: string): InvalidRow | undefined {
  // Nearly every cell passes here. Only the others need the full check.
  if (value.charCodeAt(0) > 32 && value.length <= longestIdentifier && !value.includes('\0')) return undefined
  if (value.trim() === '') {
    return {
      row,
      key: value,
      column,
      code: 'blank-identifier',
      message: `Row ${row}: "${column}" is blank, so it cannot identify a record.`,
    }
  }
  if (value.length > longestIdentifier) {
    return {
      row,
      key: value.slice(0, longestIdentifier),
      column,
      code: 'invalid-identifier',
      message: `Row ${row}: "${column}" has ${value.length} characters; an identifier has at most ${longestIdentifier}.`,
    }
  }
  if (value.includes('\0')) {
    return {
      row,
      key: value.replaceAll('\0', '�'),
      column,
      code: 'invalid-identifier',
      message: `Row ${row}: "${column}" contains a NUL character.`,
    }
  }
  return undefined
}

function isNull(columns: readonly string[], row: number): InvalidRow {
  const message = `Row ${row}: ${named(columns)} null, so ${pronoun(columns)} cannot identify a record.`
  return { row, key: null, column: columns.join(', '), code: 'null-identifier', message }
}

function allBlank(columns: readonly string[], row: number): InvalidRow {
  const message = `Row ${row}: ${named(columns)} blank, so ${pronoun(columns)} cannot identify a record.`
  return { row, key: null, column: columns.join(', '), code: 'blank-identifier', message }
}

function named(columns: readonly string[]): string {
  return `${columns.map((column) => `"${column}"`).join(' and ')} ${columns.length === 1 ? 'is' : 'are'}`
}

function pronoun(columns: readonly string[]): string {
  return columns.length === 1 ? 'it' : 'they'
}
