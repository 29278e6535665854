import { isEmpty, type Field, type Fields, type FieldType, type FieldValue } from '../../connect/index.ts'
import { property } from './answer.ts'

/** Fields by name, for converting values to and from Intercom's format. */
export type FieldTypes = ReadonlyMap<string, Field>

/** A canonical value in Intercom's format: dates and timestamps as unix seconds, a date at its first second in UTC. */
function toWire(type: FieldType | undefined, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return type === 'text' && value !== null ? String(value) : value
  if (type !== 'date' && type !== 'timestamp') return value
  const ms = Date.parse(isMoment(value) ? value : `${value}T00:00:00Z`)
  // Send an invalid date as it is, so that Intercom rejects it: as a number it would be null and would clear the
  // field.
  return Number.isNaN(ms) ? value : Math.floor(ms / 1000)
}

/** True for a timestamp, false for a date. */
export function isMoment(value: FieldValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
}

/** Intercom's value as a canonical value. A cleared email reads as `''` (recorded, 2021): empty is null. */
export function fromWire(type: FieldType, raw: unknown): FieldValue {
  if (raw === null || raw === undefined || raw === '') return null
  switch (type) {
    case 'text':
      return asText(raw)
    case 'boolean':
      return typeof raw === 'boolean' ? raw : raw === 'true' ? true : raw === 'false' ? false : null
    case 'integer':
    case 'decimal':
      return asNumber(raw)
    case 'date':
      return moment(raw)?.slice(0, 10) ?? null
    case 'timestamp':
      return moment(raw) ?? null
  }
}

/**
 * Whether the Target stores the value that was sent. Intercom may change spaces and Unicode forms, the case of an
 * email, the signs in a phone number, and the URL of an avatar.
 */
export function landed(field: string, asked: FieldValue, held: FieldValue): boolean {
  if (isEmpty(asked)) return isEmpty(held)
  if (typeof asked !== 'string' || typeof held !== 'string') return asked === held
  if (field === 'avatar') return held !== ''
  if (field === 'phone') return digits(asked) === digits(held)
  const [wanted, got] = [plain(asked), plain(held)]
  return field === 'email' ? wanted.toLowerCase() === got.toLowerCase() : wanted === got
}

/** The value at a full field name: `plan`, `location.country`, `custom_attributes.a.b` (an attribute named `a.b`). */
export function rawValue(targetRecord: unknown, field: string): unknown {
  const custom = customName(field)
  if (custom !== undefined) return property(property(targetRecord, 'custom_attributes'), custom)
  const raw = field.split('.').reduce<unknown>(property, targetRecord)
  // In some versions an avatar is an object; a plan always is.
  if (field === 'avatar' && typeof raw === 'object') return property(raw, 'image_url')
  return field === 'plan' ? property(raw, 'name') : raw
}

/** All fields of a target record as Intercom shows them, empty ones as null; always includes the identifiers. */
export function valuesOf(targetRecord: unknown, fields: Iterable<Field>, identifiers: readonly string[]): Fields {
  const values = new Map(identifiers.map((name) => [name, fromWire('text', rawValue(targetRecord, name))]))
  for (const { name, type } of fields) values.set(name, fromWire(type, rawValue(targetRecord, name)))
  return Object.fromEntries(values)
}

const customPrefix = 'custom_attributes.'

/** The name of a custom attribute without its prefix; undefined for other fields. */
export function customName(field: string): string | undefined {
  return field.startsWith(customPrefix) ? field.slice(customPrefix.length) : undefined
}

function asText(raw: unknown): string | null {
  return typeof raw === 'string' ? raw : typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : null
}

function asNumber(raw: unknown): number | null {
  const number = typeof raw === 'number' ? raw : typeof raw === 'string' ? Number(raw) : Number.NaN
  return Number.isFinite(number) ? number : null
}

/** Unix seconds or ISO text, as ISO text in UTC without fractions of a second. */
function moment(raw: unknown): string | undefined {
  const ms = typeof raw === 'number' ? Math.floor(raw) * 1000 : typeof raw === 'string' ? Date.parse(raw) : Number.NaN
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, -5)}Z`
}

function digits(phone: string): string {
  return phone.replace(/\D/g, '')
}

function plain(value: string): string {
  return value.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** A request body in Intercom's format. Custom attributes have their own object; those left out keep their values. */
export function bodyOf(fields: Fields, types: FieldTypes): Readonly<Record<string, unknown>> {
  const standard: [string, FieldValue][] = []
  const custom: [string, FieldValue][] = []
  for (const [field, value] of Object.entries(fields)) {
    const name = customName(field)
    const sent = toWire(types.get(field)?.type, value)
    if (name === undefined) standard.push([field, sent])
    else custom.push([name, sent])
  }
  return {
    ...Object.fromEntries(standard),
    ...(custom.length === 0 ? {} : { custom_attributes: Object.fromEntries(custom) }),
  }
}
