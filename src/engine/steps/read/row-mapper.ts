import type { Key, InvalidRow } from '../../../model/record.ts'
import type { Row } from '../../../model/row.ts'
import type { StagedLink } from '../../../bookkeeping/stage.ts'
import type { StageShape } from '../../../bookkeeping/stage-copy.ts'
import { mapIdentifiers } from '../../../rules/map-identifiers.ts'
import type { CompiledMapping } from '../../../rules/mapping/compile-mapping.ts'
import { rejectNames } from '../../../rules/mapping/reject-value.ts'
import type { Activation } from '../../activation.ts'
import type { NamesColumn } from './group-column.ts'

/** One page of Records, ready for the Stage. */
export interface MappedPage {
  readonly keys: readonly Key[]
  /** The values of each Record as JSON, for objects with Fields. */
  readonly desired?: readonly string[]
  /** The links of each row, if rows name the groups. Then there are no other Records. */
  readonly links?: readonly StagedLink[]
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
  /** The groups that the rows read so far name: the name as compared, and as first written. Empty if no column names groups. */
  names(): ReadonlyMap<string, string>
}

/** `desired`: the group column, if there is one. `mapping`: the compiled mapping, for objects with Fields. */
export function openRowMapper(
  activation: Activation,
  desired: NamesColumn | undefined,
  mapping: CompiledMapping | undefined,
): RowMapper {
  const names = new Map<string, string>()
  if (mapping !== undefined)
    return {
      columns: mapping.columns,
      shape: 'named',
      map: (page, firstRow) => mapping.map(page, firstRow),
      names: () => names,
    }
  const { object, identifier, fallbacks = [] } = activation
  const identifiers = mapIdentifiers([identifier, ...fallbacks], object.identifiers)
  const matchCase = object.group?.matchCase === true
  const fold = (name: string) => (matchCase ? name : name.toLowerCase())
  if (desired === undefined) {
    return {
      columns: identifiers.columns,
      shape: fallbacks.length > 0 ? 'named' : 'keys',
      names: () => names,
      map(page, firstRow) {
        const { keys, invalidRows, identities } = identifiers.map(page, firstRow)
        return { keys, invalidRows, ...(fallbacks.length > 0 && { identities }) }
      },
    }
  }
  const { column, read } = desired
  const at = identifiers.columns.length
  return {
    columns: [...identifiers.columns, column],
    shape: 'links',
    map(page, firstRow) {
      const mapped = identifiers.map(page, firstRow)
      const links: StagedLink[] = []
      const invalidRows = [...mapped.invalidRows]
      const invalidKeys: Key[] = []
      for (const [index, row] of mapped.rows.entries()) {
        const key = mapped.keys[index] ?? ''
        const each = read(row[at] ?? null)
        if ('why' in each) {
          invalidRows.push(
            rejectNames({
              row: mapped.numbers[index] ?? firstRow,
              key,
              columns: [column],
              shown: row[at] ?? '',
              trouble: each,
              noun: object.group?.noun.one ?? 'name',
            }),
          )
          invalidKeys.push(key)
          continue
        }
        for (const name of each) if (!names.has(fold(name))) names.set(fold(name), name)
        const link = { key, identities: mapped.identities[index] ?? null, row: mapped.numbers[index] ?? firstRow }
        const named = new Set(each.map(fold))
        // The row is in the query although it names no group: a Key with other rows must have the same identifiers.
        if (named.size === 0) links.push({ ...link, name: null })
        for (const name of named) links.push({ ...link, name })
      }
      return { keys: [], links, invalidRows, invalidKeys }
    },
    names: () => names,
  }
}
