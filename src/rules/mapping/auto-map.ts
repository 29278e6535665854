import type { Field } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import { columnsNamed } from './columns-named.ts'
import type { MappingRequest } from './mapping-request.ts'
import { offers } from './offers.ts'

/**
 * What `autoMap` adds: each column that is not used elsewhere goes to the writable Field of the same name, if that
 * accepts it without a cast. Names are compared without case; `_`, space and hyphen are equal; the part before a
 * Field's first dot (`custom_attributes.`) is ignored. A match of the full name comes first. If several columns match
 * one Field, all of them are returned.
 */
export function autoMapped({
  identifier,
  fallbacks,
  mapping,
  columns,
  fields,
}: MappingRequest): readonly MappedField[] {
  if (mapping === undefined || !mapping.autoMap) return []
  const identifiers = [identifier, ...fallbacks]
  const used = new Set([
    ...identifiers.map(({ column }) => column),
    ...mapping.fields.flatMap(({ from }) => columnsNamed(from)),
  ])
  const taken = new Set([...identifiers.map(({ field }) => field), ...mapping.fields.map(({ field }) => field)])
  const open = fields.filter(({ name, writable }) => writable && !taken.has(name))
  return columns
    .filter(({ name }) => !used.has(name))
    .flatMap((column): MappedField[] => {
      const named = (nameOf: (name: string) => string) =>
        only(open.filter(({ name }) => form(nameOf(name)) === form(column.name)))
      const field = named((name) => name) ?? named(shortName)
      if (field === undefined || offers([column], field).length === 0) return []
      return [{ field: field.name, from: { column: column.name }, clean: [], onNull: 'skip', onlyIfEmpty: false }]
    })
}

/** A Field's name without its prefix: `custom_attributes.plan` -> `plan`. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function form(name: string): string {
  return name.toLowerCase().replace(/[_\s-]+/g, '_')
}

function only(fields: readonly Field[]): Field | undefined {
  return fields.length === 1 ? fields[0] : undefined
}
