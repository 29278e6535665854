import type { MappedField } from '../model/mapping.ts'

/** The source of each Field in words, by Field name, as a Run stores it and users read it. */
export type MappingWords = Readonly<Record<string, string>>

export function mappingWords(fields: readonly MappedField[]): MappingWords {
  return Object.fromEntries(fields.map((mapped) => [mapped.field, wordsOf(mapped)]))
}

/** `+ plan, − phone, ~ name (first_name → full_name)`; undefined: no difference. */
export function mappingChange(was: MappingWords, is: MappingWords): string | undefined {
  const changes = [
    ...Object.keys(is)
      .filter((field) => !Object.hasOwn(was, field))
      .map((field) => `+ ${field}`),
    ...Object.keys(was)
      .filter((field) => !Object.hasOwn(is, field))
      .map((field) => `− ${field}`),
    ...Object.keys(is)
      .filter((field) => Object.hasOwn(was, field) && was[field] !== is[field])
      .map((field) => `~ ${field} (${was[field]} → ${is[field]})`),
  ]
  return changes.length === 0 ? undefined : changes.join(', ')
}

function wordsOf({ from, clean, as, onNull, onlyIfEmpty }: MappedField): string {
  const source =
    'column' in from
      ? from.column
      : 'template' in from
        ? `"${from.template}"`
        : `the constant ${JSON.stringify(from.constant)}`
  const how = [
    ...clean,
    as !== undefined && `as ${as}`,
    onNull === 'clear' && 'null clears it',
    onlyIfEmpty && 'only if empty',
  ].filter((part) => part !== false)
  return how.length === 0 ? source : `${source}, ${how.join(', ')}`
}
