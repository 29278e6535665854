import type { Field } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import type { Key, InvalidRow } from '../../model/record.ts'
import type { Row } from '../../model/row.ts'
import { identifyBy } from '../identify.ts'
import { autoMapped } from './auto-map.ts'
import type { MappingRequest } from './mapping-request.ts'
import { planField } from './plan-field.ts'
import { rejectMissing, rejectValue } from './reject-value.ts'
import type { Step, ValueTrouble } from './step.ts'

export type { MappingRequest }

/** A Mapping compiled for millions of Rows. */
export interface CompiledMapping {
  /** Query columns to read, each once, those of the identifiers first. A Row's cells are in this order. */
  readonly columns: readonly string[]
  /** The Fields that are set, including those of `autoMap`, sorted by name. */
  readonly fields: readonly string[]
  /** Fields that are set only if they are empty in the Target. */
  readonly onlyIfEmpty: ReadonlySet<string>
  /** Rows -> Records. `firstRow`: the number of the page's first Row, from 1. */
  map(page: readonly Row[], firstRow: number): MappedRecords
}

/** One page of Records: `keys`, `desired` and `identities` in the same order. */
export interface MappedRecords {
  readonly keys: readonly Key[]
  /** The values to set, as a JSON object sorted by Field name; null clears a Field. Equal Records have equal texts. */
  readonly desired: readonly string[]
  /** All identifiers of the Record in order, as JSON `[[field, value], …]`; null: only the first, which is its Key. */
  readonly identities: readonly (string | null)[]
  /** One for each Row that cannot become a Record. */
  readonly invalidRows: readonly InvalidRow[]
  /** Keys of invalid Rows that have one: they are still in the query. */
  readonly invalidKeys: readonly Key[]
}

/** One Field, compiled. */
interface ReadyField {
  readonly mapped: MappedField
  readonly field: Field
  /** `"name":` */
  readonly label: string
  readonly columns: readonly string[]
  /** The positions of `columns` in a Row. */
  readonly cells: readonly number[]
  readonly textIn: (row: Row) => string | null | ValueTrouble
  readonly path: Step
  /** A null value is written as null. */
  readonly clears: boolean
  /** A Row without a value for it is invalid. */
  readonly needed: boolean
}

/** Compiles a Mapping for which `checkMapping` found no problem. */
export function compileMapping(request: MappingRequest): CompiledMapping {
  const identifiers = [request.identifier, ...request.fallbacks]
  const identifying = identifyBy(identifiers, request.identifiers)
  const plans = [...(request.mapping?.fields ?? []), ...autoMapped(request)].map((mapped) => plan(mapped, request))
  const columns = [...new Set([...identifying.columns, ...plans.flatMap(({ source }) => source.columns)])]
  const at = new Map(columns.map((column, index) => [column, index]))
  const ready = plans
    .map(({ mapped, field, source, path }): ReadyField => ({
      mapped,
      field,
      path,
      label: `${JSON.stringify(field.name)}:`,
      columns: source.columns,
      cells: source.columns.map((column) => at.get(column) ?? 0),
      textIn: source.textIn(at),
      clears: mapped.onNull === 'clear',
      needed: isNeeded(field, request) && !identifiers.some(({ field: name }) => name === field.name),
    }))
    .sort((a, b) => (a.field.name < b.field.name ? -1 : 1))
  const needed = identifiers
    .filter(({ field: name }) => request.fields.some((field) => field.name === name && isNeeded(field, request)))
    .map(({ field, column }) => ({ field, column, at: at.get(column) ?? 0 }))
  const lacking =
    needed.length === 0 ? undefined : (row: Row) => needed.find((each) => (row[each.at] ?? '').trim() === '')

  return {
    columns,
    fields: ready.map(({ field }) => field.name),
    onlyIfEmpty: new Set(ready.filter(({ mapped }) => mapped.onlyIfEmpty).map(({ field }) => field.name)),
    map(page, firstRow) {
      const keys: Key[] = []
      const desired: string[] = []
      const identities: (string | null)[] = []
      const invalidRows: InvalidRow[] = []
      const invalidKeys: Key[] = []
      for (let index = 0; index < page.length; index += 1) {
        const row = page[index] ?? []
        const number = firstRow + index
        const key = identifying.key(row, number)
        if (typeof key !== 'string') {
          invalidRows.push(key)
          continue
        }
        const lacks = lacking?.(row)
        const values =
          lacks === undefined
            ? valuesOf(row, number, key, ready)
            : rejectMissing({ row: number, key, field: lacks.field, columns: [lacks.column] })
        if (typeof values === 'string') {
          keys.push(key)
          desired.push(values)
          identities.push(identifying.identities(row))
        } else {
          invalidRows.push(values)
          invalidKeys.push(key)
        }
      }
      return { keys, desired, identities, invalidRows, invalidKeys }
    },
  }
}

/** The values of one Row as JSON, or why the Row is invalid. */
function valuesOf(row: Row, number: number, key: Key, fields: readonly ReadyField[]): string | InvalidRow {
  let json = '{'
  for (const { field, columns, cells, label, textIn, path, clears, needed } of fields) {
    const text = textIn(row)
    const value = typeof text === 'string' ? path(text) : text
    if (typeof value === 'string') {
      if (needed && value === '""') return rejectMissing({ row: number, key, field: field.name, columns })
      json += json === '{' ? label + value : `,${label}${value}`
    } else if (value !== null) {
      const shown = typeof text === 'string' ? text : cells.map((cell) => row[cell] ?? '').join(' ')
      return rejectValue({ row: number, key, field, columns, shown, trouble: value })
    } else if (needed) {
      return rejectMissing({ row: number, key, field: field.name, columns })
    } else if (clears) {
      json += json === '{' ? `${label}null` : `,${label}null`
    }
  }
  return `${json}}`
}

function isNeeded({ required }: Field, { creates }: MappingRequest): boolean {
  return creates && required === true
}

function plan(mapped: MappedField, request: MappingRequest) {
  const field = request.fields.find(({ name }) => name === mapped.field)
  const planned = field === undefined ? undefined : planField(mapped, field, request)
  if (field === undefined || planned === undefined || 'why' in planned)
    throw new Error(`the mapping of ${mapped.field} was not checked`)
  return { mapped, field, ...planned }
}
