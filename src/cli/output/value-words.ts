import type { Fields, FieldValue } from '../../model/field.ts'

/** Characters of a value, and Fields of a Record, that one line shows. */
const shownLength = 48
const shownFields = 8
/** Fields that are seen at a glance, in the order of the mapping. */
const look = 4
/** By these a person knows a thing: among more Fields they stand first. */
const namingFields = ['external_id', 'company_id', 'email', 'name']

/** `"free"`, `42`, `empty`: on one line, and cut where it is long. */
function valueWords(value: FieldValue | undefined): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (typeof value !== 'string') return String(value)
  const text = [...value]
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength - 1).join('')}…` : value)
}

/** `name "Jane", plan "pro"`: what a thing comes to be with. */
export function fieldsWords(fields: Fields): string {
  return listed(inOrder(fields).map(([name, value]) => `${name} ${valueWords(value)}`))
}

/** `plan: "free" → "pro"`; where nobody looked what was there, `plan: → "pro"`. */
export function changesWords(fields: Fields, before: Fields | null): string {
  return listed(inOrder(fields).map(([name, value]) => `${name}: ${before === null ? '' : `${valueWords(before[name])} `}→ ${valueWords(value)}`))
}

function listed(parts: readonly string[]): string {
  const more = parts.length - shownFields
  return more > 0 ? `${parts.slice(0, shownFields).join(', ')} and ${more} more` : parts.join(', ')
}

function inOrder(fields: Fields): [string, FieldValue][] {
  const place = (name: string): number => namingFields.includes(name) ? namingFields.indexOf(name) : namingFields.length
  const entries = Object.entries(fields)
  return entries.length <= look ? entries : entries.toSorted(([one], [other]) => place(one) - place(other))
}
