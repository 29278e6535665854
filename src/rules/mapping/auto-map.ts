import type { Field } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import { columnsNamed } from './columns-named.ts'
import type { MappingRequest } from './mapping-request.ts'
import { offers } from './offers.ts'

/**
 * What `autoMap` adds: every column that is not named elsewhere, to the writable Field of its name that takes it as it is. Names are
 * compared without case, with `_`, space and hyphen the same, and without what stands before a Field's first point (`custom_attributes.`);
 * a Field whose whole name it is comes first. Columns that go to one Field are all listed.
 */
export function autoMapped({ identifier, fallbacks, mapping, columns, fields }: MappingRequest): readonly MappedField[] {
  if (mapping === undefined || !mapping.autoMap) return []
  const identifiers = [identifier, ...fallbacks]
  const used = new Set([...identifiers.map(({ column }) => column), ...mapping.fields.flatMap(({ from }) => columnsNamed(from))])
  const taken = new Set([...identifiers.map(({ field }) => field), ...mapping.fields.map(({ field }) => field)])
  const open = fields.filter(({ name, writable }) => writable && !taken.has(name))
  return columns.filter(({ name }) => !used.has(name)).flatMap((column): MappedField[] => {
    const named = (nameOf: (name: string) => string) => only(open.filter(({ name }) => form(nameOf(name)) === form(column.name)))
    const field = named((name) => name) ?? named(shortName)
    if (field === undefined || offers([column], field).length === 0) return []
    return [{ field: field.name, from: { column: column.name }, clean: [], onNull: 'skip', onlyIfEmpty: false }]
  })
}

/** A Field's name without what groups it: `custom_attributes.plan` -> `plan`. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function form(name: string): string {
  return name.toLowerCase().replace(/[_\s-]+/g, '_')
}

function only(fields: readonly Field[]): Field | undefined {
  return fields.length === 1 ? fields[0] : undefined
}
