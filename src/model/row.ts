/**
 * A value from a Warehouse as its exact text (or null): a bigint keeps all its digits, a decimal its scale, `007` its
 * zeros. It becomes a number only for a number Field, and only if no digit is lost.
 */
export type Cell = string | null

/** Cells in the order of the requested columns. */
export type Row = readonly Cell[]

export type ColumnType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'json'
  | 'binary'
  | 'array'
  | 'other'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** The warehouse's own name of the type, for messages: `character varying`, `HUGEINT`. */
  readonly nativeType: string
  /** The warehouse guessed the type, e.g. from the first lines of a file: why, and what to write instead. */
  readonly guess?: { readonly message: string; readonly advice: string }
}

/** Types whose text is the same each time for the same value, so that it can identify a record. */
export const identifyingTypes: readonly ColumnType[] = ['text', 'integer', 'decimal', 'uuid']
