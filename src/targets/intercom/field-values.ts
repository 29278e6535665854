import { isEmpty, type Field, type Fields, type FieldType, type FieldValue } from '../../connect/index.ts'
import { property } from './answer.ts'

/** A canonical value as Intercom takes it: days and moments as unix seconds, a day at its first second in UTC. */
export function toWire(type: FieldType | undefined, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return type === 'text' && value !== null ? String(value) : value
  if (type !== 'date' && type !== 'timestamp') return value
  const ms = Date.parse(isMoment(value) ? value : `${value}T00:00:00Z`)
  // What is no time is left for Intercom to refuse: as a number it would be null, and empty the Field.
  return Number.isNaN(ms) ? value : Math.floor(ms / 1000)
}

/** A moment, not a day. */
export function isMoment(value: FieldValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
}

/** What Intercom shows, as a canonical value. An e-mail that was emptied reads as `''` (recorded, 2021): empty is null. */
export function fromWire(type: FieldType, raw: unknown): FieldValue {
  if (raw === null || raw === undefined || raw === '') return null
  switch (type) {
    case 'text': return asText(raw)
    case 'boolean': return typeof raw === 'boolean' ? raw : raw === 'true' ? true : raw === 'false' ? false : null
    case 'integer':
    case 'decimal': return asNumber(raw)
    case 'date': return moment(raw)?.slice(0, 10) ?? null
    case 'timestamp': return moment(raw) ?? null
  }
}

/**
 * Does the Target hold what was asked? Spaces and Unicode forms, the case of an e-mail, the signs in a phone number, and where an avatar
 * is hosted are Intercom's to choose.
 */
export function landed(field: string, asked: FieldValue, held: FieldValue): boolean {
  if (isEmpty(asked)) return isEmpty(held)
  if (typeof asked !== 'string' || typeof held !== 'string') return asked === held
  if (field === 'avatar') return held !== ''
  if (field === 'phone') return digits(asked) === digits(held)
  const [wanted, got] = [plain(asked), plain(held)]
  return field === 'email' ? wanted.toLowerCase() === got.toLowerCase() : wanted === got
}

/** The value at a full name: `plan`, `location.country`, `custom_attributes.a.b` (whose name is `a.b`). */
export function rawValue(targetRecord: unknown, field: string): unknown {
  const custom = customName(field)
  if (custom !== undefined) return property(property(targetRecord, 'custom_attributes'), custom)
  const raw = field.split('.').reduce<unknown>(property, targetRecord)
  // In some versions a picture is an object, and a plan always is.
  if (field === 'avatar' && typeof raw === 'object') return property(raw, 'image_url')
  return field === 'plan' ? property(raw, 'name') : raw
}

/** All Fields of a thing as Intercom shows it, empty ones as null; identifiers always. */
export function valuesOf(targetRecord: unknown, fields: Iterable<Field>, identifiers: readonly string[]): Fields {
  const values = new Map(identifiers.map((name) => [name, fromWire('text', rawValue(targetRecord, name))]))
  for (const { name, type } of fields) values.set(name, fromWire(type, rawValue(targetRecord, name)))
  return Object.fromEntries(values)
}

const customPrefix = 'custom_attributes.'

/** The name of a custom attribute, without what all of them begin with. */
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

/** Unix seconds, or ISO text, as a whole second of UTC. */
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
