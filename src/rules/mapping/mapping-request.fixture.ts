import type { Field, FieldType } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import type { Column, ColumnType, Row } from '../../model/row.ts'
import { checkMapping } from './check-mapping.ts'
import { compileMapping, type MappedRecords } from './compile-mapping.ts'
import type { MappingRequest } from './mapping-request.ts'

export const column = (name: string, type: ColumnType = 'text', nativeType: string = type): Column => ({
  name,
  type,
  nativeType,
})
export const field = (name: string, type: FieldType = 'text', more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  type,
  writable: true,
  ...more,
})
export const mapped = (
  name: string,
  from: string | MappedField['from'],
  more: Partial<MappedField> = {},
): MappedField => ({
  field: name,
  from: typeof from === 'string' ? { column: from } : from,
  clean: [],
  onNull: 'skip',
  onlyIfEmpty: false,
  ...more,
})

/** An upsert that finds target records by `external_id`, from the column `id`; the caller gives `mapping`. */
export function upsertOf(
  fields: readonly MappedField[],
  columns: readonly Column[],
  targetFields: readonly Field[],
  more: Partial<MappingRequest> = {},
): MappingRequest {
  return {
    identifier: { field: 'external_id', column: 'id' },
    fallbacks: [],
    identifiers: [{ field: 'external_id' }, { field: 'email', fold: true }],
    mapping: { fields, autoMap: false },
    columns: [column('id'), ...columns],
    fields: targetFields,
    creates: true,
    updates: true,
    ...more,
  }
}

/** Maps Rows whose cells are in the order of the request's columns. */
export function mapRows(request: MappingRequest, rows: readonly Row[]): MappedRecords {
  const { columns, map } = compileMapping(request)
  const at = columns.map((name) => request.columns.findIndex((each) => each.name === name))
  return map(
    rows.map((row) => at.map((index) => row[index] ?? null)),
    1,
  )
}

/**
 * The result of one cell in one Field: its JSON, `absent`, why the Row is invalid, or why it cannot be mapped at all.
 */
export function bring(cell: string | null, from: Column, to: Field, more: Partial<MappedField> = {}): string {
  const request = upsertOf([mapped(to.name, from.name, more)], [from], [to])
  const [problem] = checkMapping(request)
  if (problem !== undefined) return `${problem.code}: ${problem.advice}`
  const { desired, invalidRows } = mapRows(request, [['1', cell]])
  const [rejection] = invalidRows
  if (rejection !== undefined) return `${rejection.code}: ${rejection.message}`
  const [json = ''] = desired
  return json === '{}' ? 'absent' : json.slice(json.indexOf(':') + 1, -1)
}
