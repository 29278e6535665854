import type { Intercom } from '../server/process/host.ts'
import type { Before, Values } from './case-schema.ts'

/** Objects whose Activations write whole records, with their key in a case file. */
const wholes: Readonly<Record<string, 'contacts' | 'companies'>> = { contact: 'contacts', company: 'companies' }

/** The kind of whole record that Activations of this object write; undefined if they write none. */
export function wholesOf(object: string): 'contacts' | 'companies' | undefined {
  return wholes[object]
}

/** The current state of a contact or a company, under its name in the case. */
export interface WholeRecord {
  readonly name: string
  readonly state: 'live' | 'archived' | 'deleted' | 'merged'
  /** The writable Fields that are not empty. */
  readonly fields: Readonly<Record<string, string | number | boolean>>
}

const standard = {
  contacts: [
    'role',
    'external_id',
    'email',
    'phone',
    'name',
    'avatar',
    'owner_id',
    'signed_up_at',
    'last_seen_at',
    'unsubscribed_from_emails',
  ],
  companies: ['company_id', 'name', 'plan', 'monthly_spend', 'size', 'website', 'industry', 'remote_created_at'],
} as const
const custom = 'custom_attributes.'
const times: ReadonlySet<string> = new Set(['signed_up_at', 'last_seen_at', 'remote_created_at'])
const numbers: ReadonlySet<string> = new Set(['monthly_spend', 'size'])

/** All records of a kind by Intercom's ids: those in `before`, and those created since. */
export function wholeRecordsIn(
  { world }: Intercom,
  of: 'contacts' | 'companies',
  before: Before,
): ReadonlyMap<string, WholeRecord> {
  const targetRecords = new Map<string, WholeRecord>()
  const note = (seen: ReturnType<typeof world.contact> | ReturnType<typeof world.company>, named?: string): void => {
    if (seen === undefined || targetRecords.has(seen.id)) return
    targetRecords.set(seen.id, { name: named ?? nameOf(seen), state: seen.state, fields: fieldsOf(of, seen) })
  }
  for (const name of Object.keys(before[of])) note(of === 'contacts' ? world.contact(name) : world.company(name), name)
  for (const seen of of === 'contacts' ? world.createdContacts() : world.createdCompanies()) note(seen)
  return targetRecords
}

/** A new record is named by its own identifiers. */
function nameOf(seen: {
  readonly id: string
  readonly external_id?: string | null
  readonly email?: string | null
  readonly company_id?: string | null
}): string {
  return seen.company_id ?? seen.external_id ?? seen.email ?? seen.id
}

function fieldsOf(of: 'contacts' | 'companies', seen: object): WholeRecord['fields'] {
  const { custom_attributes: customs, plan, avatar, ...rest } = seen as Readonly<Record<string, unknown>>
  // Intercom shows a plan as an object with its own id, and an avatar as an object.
  const planName = typeof plan === 'object' && plan !== null && 'name' in plan ? plan.name : undefined
  const image = typeof avatar === 'object' && avatar !== null && 'image_url' in avatar ? avatar.image_url : undefined
  const shown = { ...rest, plan: planName, avatar: image }
  const all = [
    ...standard[of].map((name): [string, unknown] => [name, shown[name as keyof typeof shown]]),
    ...Object.entries(customs ?? {}).map(([name, value]): [string, unknown] => [custom + name, value]),
  ]
  return Object.fromEntries(
    all.filter(
      (each): each is [string, string | number | boolean] =>
        each[1] !== null && each[1] !== undefined && each[1] !== '',
    ),
  )
}

/** Whether a Field has the value that a case expects. Times are seconds in Intercom and ISO text in a case. */
export function holds(got: WholeRecord['fields'][string] | undefined, expected: string | null): boolean {
  if (got === undefined) return expected === null || expected === ''
  if (expected === null || String(got) === expected) return expected !== null
  if (typeof got !== 'number' || expected.trim() === '') return false
  return Number(expected) === got || (/^\d{4}-\d\d-\d\d/.test(expected) && secondsOf(expected) === got)
}

/** The request body that sets these Fields. */
export function bodyOf(values: Values, attributes: Before['attributes']['contact']): object {
  const wire = Object.entries(values).map(([field, value]): [string, unknown] => [
    field,
    value === null ? null : wireValue(field, value, attributes),
  ])
  const customs = wire
    .filter(([field]) => field.startsWith(custom))
    .map(([field, value]) => [field.slice(custom.length), value])
  return {
    ...Object.fromEntries(wire.filter(([field]) => !field.startsWith(custom))),
    ...(customs.length > 0 && { custom_attributes: Object.fromEntries(customs) }),
  }
}

function wireValue(field: string, value: string, attributes: Before['attributes']['contact']): unknown {
  const type = field.startsWith(custom)
    ? attributes[field.slice(custom.length)]
    : times.has(field)
      ? 'datetime'
      : numbers.has(field)
        ? 'float'
        : field === 'unsubscribed_from_emails'
          ? 'boolean'
          : 'string'
  switch (type) {
    case 'integer':
    case 'float':
      return Number(value)
    case 'boolean':
      return value === 'true'
    case 'date':
    case 'datetime':
      return secondsOf(value)
    default:
      return value
  }
}

function secondsOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000)
}
