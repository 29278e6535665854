/**
 * What a Warehouse returned. Every cell is the value's exact text (or null): a bigint keeps all its digits, a decimal its
 * scale, `007` its zeros. Nothing is ever turned into a JavaScript number on its way to the Target.
 */
export type Cell = string | null

/** Cells in the order of the columns that were asked for. */
export type Row = readonly Cell[]

export type ColumnType =
  | 'text' | 'integer' | 'decimal' | 'float' | 'boolean' | 'uuid'
  | 'date' | 'time' | 'timestamp' | 'interval' | 'json' | 'binary' | 'array' | 'other'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** The warehouse's own word for the type, for messages: `character varying`, `HUGEINT`. */
  readonly nativeType: string
  /** Its values are a guess of the warehouse's, such as a type taken from the first lines of a file: why, and what to write instead. */
  readonly guess?: { readonly message: string; readonly advice: string }
}

/** Types whose text names one thing the same way each time. Floats, times and structures do not. */
export const identifyingTypes: readonly ColumnType[] = ['text', 'integer', 'decimal', 'uuid']
