import type { ColumnType } from '../model/row.ts'

/** Types that a case may give to the columns of its rows. */
export const columnTypes = [
  'text',
  'integer',
  'decimal',
  'float',
  'boolean',
  'uuid',
  'date',
  'time',
  'timestamp',
  'json',
] as const satisfies readonly ColumnType[]

/** Types of custom attributes, in Intercom's spelling. */
export const attributeTypes = ['string', 'integer', 'float', 'boolean', 'date', 'datetime'] as const
