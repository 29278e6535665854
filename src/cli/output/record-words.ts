import type { Fields, FieldValue } from '../../model/field.ts'

/** Limits of one line: characters of a value, and Fields of a Record. */
const shownLength = 48
const shownFields = 8
/** Up to this many Fields keep the order of the mapping. */
const look = 4
/** Fields that identify a record to a person. With more Fields, these come first. */
const namingFields = ['external_id', 'company_id', 'email', 'name']

/** A value on one line, shortened if long: `"free"`, `42`, `empty`. */
function valueWords(value: FieldValue | undefined): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (typeof value !== 'string') return String(value)
  const text = [...value]
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength - 1).join('')}…` : value)
}

/** The Fields of a new record: `name "Jane", plan "pro"`. */
export function fieldsWords(fields: Fields): string {
  return listed(inOrder(fields).map(([name, value]) => `${name} ${valueWords(value)}`))
}

/** `plan: "free" → "pro"`; with an unknown previous value `plan: → "pro"`. */
export function changesWords(fields: Fields, before: Fields | null): string {
  return listed(
    inOrder(fields).map(
      ([name, value]) => `${name}: ${before === null ? '' : `${valueWords(before[name])} `}→ ${valueWords(value)}`,
    ),
  )
}

function listed(parts: readonly string[]): string {
  const more = parts.length - shownFields
  return more > 0 ? `${parts.slice(0, shownFields).join(', ')} and ${more} more` : parts.join(', ')
}

function inOrder(fields: Fields): [string, FieldValue][] {
  const place = (name: string): number =>
    namingFields.includes(name) ? namingFields.indexOf(name) : namingFields.length
  const entries = Object.entries(fields)
  return entries.length <= look ? entries : entries.toSorted(([one], [other]) => place(one) - place(other))
}
