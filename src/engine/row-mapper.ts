import type { Key, Refusal } from '../model/record.ts'
import type { Row } from '../model/row.ts'
import type { StageShape } from '../store/stage.ts'
import { namesIn, type MembersColumn } from '../sync/gather-wants.ts'
import { mapIdentifiers } from '../sync/map.ts'
import type { CompiledMapping } from '../sync/mapping/compile-mapping.ts'
import { nameSeparator } from '../store/stage.ts'
import type { Activation } from './activation.ts'

/** One page of Records, ready for the Stage. */
export interface MappedPage {
  readonly keys: readonly Key[]
  /** What each asks for, where that differs by Record. */
  readonly wants?: readonly string[]
  /** All identifiers of each, as JSON; null: its Key is the only one. Only for the Stage's shape `named`. */
  readonly identities?: readonly (string | null)[]
  readonly refusals: readonly Refusal[]
  /** Keys of refused rows that have one. */
  readonly refusedKeys?: readonly Key[]
}

/** Rows -> Records, as the Activation says. */
export interface RowMapper {
  /** Query fields to read, in the order of the cells. */
  readonly columns: readonly string[]
  readonly shape: StageShape
  map(page: readonly Row[], firstRow: number): MappedPage
  /** All names that some Record asks for, where a column says so: each once, as they are compared. */
  names(): readonly string[]
}

/** `wants`: the column of members, if there is one, and whether its cells are arrays. `mapping`: what goes to which Field. */
export function openRowMapper(activation: Activation, wants: (MembersColumn & { readonly isArray: boolean }) | undefined, mapping: CompiledMapping | undefined): RowMapper {
  if (mapping !== undefined) return { columns: mapping.columns, shape: 'named', map: (page, firstRow) => mapping.map(page, firstRow), names: () => [] }
  const { object, identifier, fallbacks = [] } = activation
  const identifiers = mapIdentifiers([identifier, ...fallbacks], object.identifiers)
  const matchCase = object.members?.matchCase === true
  const fold = (name: string) => matchCase ? name : name.toLowerCase()
  const names = new Map<string, string>()
  const asked = (cell: string | null): string => {
    if (wants === undefined) return ''
    const each = namesIn(cell, wants, wants.isArray, matchCase)
    for (const name of each) if (!names.has(fold(name))) names.set(fold(name), name)
    return each.join(nameSeparator)
  }
  return {
    columns: wants === undefined ? identifiers.columns : [...identifiers.columns, wants.column],
    shape: fallbacks.length > 0 ? 'named' : wants === undefined ? 'keys' : 'wants',
    map(page, firstRow) {
      const mapped = identifiers.map(page, firstRow)
      const { keys, refusals } = mapped
      const at = identifiers.columns.length
      return {
        keys, refusals,
        ...wants !== undefined && { wants: mapped.rows.map((row) => asked(row[at] ?? null)) },
        ...fallbacks.length > 0 && { identities: mapped.identities },
      }
    },
    names: () => [...names.values()],
  }
}
