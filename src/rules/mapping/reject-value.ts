import type { Field } from '../../model/field.ts'
import type { Key, InvalidRow } from '../../model/record.ts'
import type { ValueTrouble } from './step.ts'

/** How many characters of a value a message shows. */
const longestShown = 60

interface Place {
  readonly row: number
  readonly key: Key
  /** The columns that the value was made from. */
  readonly columns: readonly string[]
}

/** A value that cannot be converted for its Field. */
export function rejectValue({
  row,
  key,
  columns,
  field,
  shown,
  trouble,
}: Place & { readonly field: Field; readonly shown: string; readonly trouble: ValueTrouble }): InvalidRow {
  return {
    row,
    key,
    column: columns.join(', '),
    code: 'invalid-value',
    message:
      `Row ${row}: ${named(columns)} contains "${cut(shown)}", which ${trouble.why}; ` +
      `it is mapped to the Field "${field.name}" (${field.type}). ${trouble.advice}`,
  }
}

/** A cell that is not a list of group names (tags, companies and the like). */
export function rejectNames({
  row,
  key,
  columns,
  shown,
  trouble,
  noun,
}: Place & { readonly shown: string; readonly trouble: ValueTrouble; readonly noun: string }): InvalidRow {
  return {
    row,
    key,
    column: columns.join(', '),
    code: 'invalid-names',
    message: `Row ${row}: ${named(columns)} contains "${cut(shown)}", which ${trouble.why}; each ${noun} of the record must be a name. ${trouble.advice}`,
  }
}

/** A missing value that a create requires. */
export function rejectMissing({ row, key, columns, field }: Place & { readonly field: string }): InvalidRow {
  return {
    row,
    key,
    column: columns.join(', '),
    code: 'missing-value',
    message:
      `Row ${row}: ${named(columns)} has no value, and the Field "${field}" requires a value to create a record. ` +
      'Fill it, or exclude such rows from the query.',
  }
}

function named(columns: readonly string[]): string {
  return columns.length === 0 ? 'the constant' : columns.map((column) => `"${column}"`).join(' and ')
}

/** Cuts at a character boundary, and replaces characters that some databases cannot store. */
function cut(text: string): string {
  const start = [...text.slice(0, 2 * longestShown)]
  const isCut = text.length > 2 * longestShown || start.length > longestShown
  return (isCut ? `${start.slice(0, longestShown).join('')}…` : text).replaceAll('\0', '�').toWellFormed()
}
