import type { Field } from '../../model/field.ts'
import type { Column } from '../../model/row.ts'
import { cast } from './casts.ts'
import { readColumn } from './read-column.ts'

/** The query columns that a Field accepts without a cast. */
export function offers(columns: readonly Column[], field: Field): readonly Column[] {
  return columns.filter((column) => {
    const reading = readColumn(column)
    return reading !== undefined && cast(reading.kind, field.type, false) !== undefined
  })
}
