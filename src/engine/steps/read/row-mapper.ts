import type { Key, InvalidRow } from '../../../model/record.ts'
import type { Row } from '../../../model/row.ts'
import type { StageShape } from '../../../bookkeeping/stage.ts'
import { mapIdentifiers } from '../../../rules/map-identifiers.ts'
import type { CompiledMapping } from '../../../rules/mapping/compile-mapping.ts'
import { rejectNames } from '../../../rules/mapping/reject-value.ts'
import type { Activation } from '../../activation.ts'
import type { NamesColumn } from './group-column.ts'

/** One page of Records, ready for the Stage. */
export interface MappedPage {
  readonly keys: readonly Key[]
  /** The desired state of each Record, if it differs between Records. */
  readonly desired?: readonly string[]
  /** All identifiers of each Record, as JSON. Null: its Key is the only one. Only for the Stage's shape `named`. */
  readonly identities?: readonly (string | null)[]
  readonly invalidRows: readonly InvalidRow[]
  /** Keys of the invalid rows that have one. */
  readonly invalidKeys?: readonly Key[]
}

/** Maps rows to Records. */
export interface RowMapper {
  /** Columns to read, in the order of the cells. */
  readonly columns: readonly string[]
  readonly shape: StageShape
  map(page: readonly Row[], firstRow: number): MappedPage
  /** All group names in the rows read so far, each once. Empty if no column names groups. */
  names(): readonly string[]
}

/** `desired`: the group column, if there is one. `mapping`: the compiled mapping, for objects with Fields. */
export function openRowMapper(activation: Activation, desired: NamesColumn | undefined, mapping: CompiledMapping | undefined): RowMapper {
  if (mapping !== undefined) return { columns: mapping.columns, shape: 'named', map: (page, firstRow) => mapping.map(page, firstRow), names: () => [] }
  const { object, identifier, fallbacks = [] } = activation
  const identifiers = mapIdentifiers([identifier, ...fallbacks], object.identifiers)
  const matchCase = object.group?.matchCase === true
  const fold = (name: string) => matchCase ? name : name.toLowerCase()
  const names = new Map<string, string>()
  if (desired === undefined) {
    return {
      columns: identifiers.columns, shape: fallbacks.length > 0 ? 'named' : 'keys', names: () => [],
      map(page, firstRow) {
        const { keys, invalidRows, identities } = identifiers.map(page, firstRow)
        return { keys, invalidRows, ...fallbacks.length > 0 && { identities } }
      },
    }
  }
  const { column, read } = desired
  const at = identifiers.columns.length
  return {
    columns: [...identifiers.columns, column],
    shape: 'named',
    map(page, firstRow) {
      const mapped = identifiers.map(page, firstRow)
      const keys: Key[] = []
      const asked: string[] = []
      const identities: (string | null)[] = []
      const invalidRows = [...mapped.invalidRows]
      const invalidKeys: Key[] = []
      for (const [index, row] of mapped.rows.entries()) {
        const key = mapped.keys[index] ?? ''
        const each = read(row[at] ?? null)
        if ('why' in each) {
          invalidRows.push(rejectNames({ row: mapped.numbers[index] ?? firstRow, key, columns: [column], shown: row[at] ?? '', trouble: each, noun: object.group?.noun ?? 'name' }))
          invalidKeys.push(key)
          continue
        }
        for (const name of each) if (!names.has(fold(name))) names.set(fold(name), name)
        keys.push(key)
        asked.push(JSON.stringify(each))
        identities.push(mapped.identities[index] ?? null)
      }
      return { keys, desired: asked, identities, invalidRows, invalidKeys }
    },
    names: () => [...names.values()],
  }
}
