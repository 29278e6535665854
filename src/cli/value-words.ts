import type { Fields, FieldValue } from '../model/field.ts'

/** Characters of a value, and Fields of a Record, that one line shows. */
const shownLength = 48
const shownFields = 6

/** `"free"`, `42`, `empty`: on one line, and cut where it is long. */
function valueWords(value: FieldValue | undefined): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (typeof value !== 'string') return String(value)
  const text = [...value]
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength - 1).join('')}…` : value)
}

/** `name "Jane", plan "pro"`: what a thing comes to be with. */
export function fieldsWords(fields: Fields): string {
  return listed(Object.entries(fields).map(([name, value]) => `${name} ${valueWords(value)}`))
}

/** `plan: "free" → "pro"`; where nobody looked what was there, `plan: → "pro"`. */
export function changesWords(fields: Fields, before: Fields | null): string {
  return listed(Object.entries(fields).map(([name, value]) => `${name}: ${before === null ? '' : `${valueWords(before[name])} `}→ ${valueWords(value)}`))
}

function listed(parts: readonly string[]): string {
  const more = parts.length - shownFields
  return more > 0 ? `${parts.slice(0, shownFields).join(', ')} and ${more} more` : parts.join(', ')
}
