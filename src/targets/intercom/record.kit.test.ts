import {
  allScopes,
  contactId,
  companyIntercomId,
  startIntercomEmulator,
  type CompanySeen,
  type ContactSeen,
  type FaultRule,
  type World,
} from './emulator/index.ts'
import type { Fields, FieldValue } from '../../connect/index.ts'
import { faultOf } from '../../testing/target-kit/fault-of-trouble.ts'
import { recordKit } from '../../testing/record-kit/record-kit.ts'
import type { RecordHarness, Sample } from '../../testing/record-kit/record-harness.ts'
import { apiVersions } from './api-version.ts'
import { target } from './index.ts'

interface Way {
  readonly object: 'contact' | 'company'
  readonly title: string
  readonly identifier: 'external_id' | 'email' | 'company_id'
  readonly name: (text: string) => string
  readonly always?: Fields
  readonly settings?: Readonly<Record<string, unknown>>
}

const mail = (text: string): string => `${text}@example.com`
const ways: readonly Way[] = [
  { object: 'contact', title: 'users by external_id', identifier: 'external_id', name: (text) => text },
  { object: 'contact', title: 'users by email', identifier: 'email', name: mail },
  { object: 'contact', title: 'leads', identifier: 'email', name: mail, always: { role: 'lead' } },
  { object: 'company', title: 'by company_id', identifier: 'company_id', name: (text) => text },
]

const custom: readonly Sample[] = [
  { field: 'custom_attributes.notes', type: 'text', values: ['one 🦊', 'two'] },
  { field: 'custom_attributes.plan', type: 'text', values: ['premium', 'basic'] },
  { field: 'custom_attributes.seats', type: 'integer', values: [7, 9_007_199_254_740_991] },
  { field: 'custom_attributes.monthly_value', type: 'decimal', values: [12.5, -0.1] },
  { field: 'custom_attributes.paid_subscriber', type: 'boolean', values: [true, false] },
  { field: 'custom_attributes.renewal_date', type: 'date', values: ['2027-01-31', '2024-02-29'] },
]
const samples: Readonly<Record<Way['object'], readonly Sample[]>> = {
  contact: [
    ...custom,
    { field: 'name', type: 'text', values: ['Jané', "O'Neil"] },
    { field: 'signed_up_at', type: 'timestamp', values: ['2024-05-01T10:20:30Z', '1999-12-31T23:59:59Z'] },
  ],
  company: [
    ...custom,
    { field: 'name', type: 'text', values: ['Acme "Inc"', 'Fox & Söhne'] },
    { field: 'plan', type: 'text', values: ['Enterprise', 'Basic'] },
    { field: 'size', type: 'integer', values: [42, 1] },
    { field: 'remote_created_at', type: 'timestamp', values: ['2020-01-02T03:04:05Z', '1999-12-31T23:59:59Z'] },
  ],
}

for (const way of ways) {
  for (const apiVersion of apiVersions) {
    const object = target.objects.find(({ id }) => id === way.object)
    if (object === undefined) throw new Error(`no object ${way.object}`)
    recordKit({
      ...way,
      target,
      object,
      title: `${way.title}, API ${apiVersion}`,
      samples: samples[way.object],
      rights: ['Read and list users and companies', 'Write users and companies'],
      newField: (word) => `custom_attributes.${word}`,
      start: (token) => startHarness(way, apiVersion, token),
    })
  }
}

async function startHarness(way: Way, apiVersion: string, token: string): Promise<RecordHarness> {
  let agoMs = 0
  const emulator = await startIntercomEmulator({
    contacts: 0,
    companies: 0,
    conversations: 0,
    tokens: { [token]: { scopes: 'all' } },
    now: () => Date.now() - agoMs,
  })
  const { world, faults } = emulator
  const targetRecords = way.object === 'contact' ? contacts(world, way) : companies(world)
  return {
    config: (changes) => ({ baseUrl: emulator.url, apiVersion, ...changes }),
    withhold: (right) => emulator.setScopes(allScopes.filter((scope) => scope !== scopeOf[right])),
    index: { stall: () => emulator.reset({ indexLagMs: 24 * 3_600_000 }), catchUp: () => world.catchUp() },
    ...targetRecords,
    make(name) {
      agoMs = 3_600_000
      const id = targetRecords.make(name)
      agoMs = 0
      return id
    },
    change: (id, fields) => targetRecords.change(id, wireOf(way, fields)),
    holds(id) {
      const seen = targetRecords.seen(id)
      return seen?.state === 'live'
        ? Object.fromEntries(samples[way.object].map((sample) => [sample.field, fieldIn(seen, sample)]))
        : null
    },
    state: () => ({
      ...world.summary(),
      fields: (['contact', 'company'] as const).map((model) => world.attributes(model)),
    }),
    hurt(trouble) {
      const where = trouble.writesOnly === true ? writes : [{}]
      // Each rule has its own count, and each matches requests of only one kind.
      for (const each of where) faults.add({ ...faultOf(trouble), ...each })
    },
    heal: () => faults.clear(),
    struck: () => faults.list().some(({ fired }) => fired > 0),
    close: () => emulator.close(),
  }
}

interface RecordWorld extends Pick<RecordHarness, 'make' | 'end' | 'named' | 'unknown' | 'duplicates'> {
  change(id: string, fields: object): void
  seen(id: string): ContactSeen | CompanySeen | undefined
}

function contacts(world: World, { identifier, always }: Way): RecordWorld {
  const make = (name: string): string => world.createContact({ ...always, [identifier]: name })
  return {
    make,
    // Users can share an email only if their external ids differ.
    duplicates: (email) =>
      ['one', 'two'].map((external_id) => world.createContact({ ...always, email, external_id })) as [string, string],
    change: (id, fields) => world.changeContact(id, fields),
    end: (id, how) => (how === 'archive' ? world.archiveContact(id) : world.deleteContact(id)),
    named: (name) =>
      world
        .contacts(identifier === 'email' ? { email: name } : { external_id: name })
        .filter(({ state }) => state === 'live')
        .map(({ id }) => id),
    unknown: (i) => contactId(1_000_000 + i),
    seen: (id) => world.contact(id),
  }
}

function companies(world: World): RecordWorld {
  return {
    make: (company_id) => world.createCompany({ company_id }),
    change: (id, fields) =>
      'remote_created_at' in fields
        ? void world.createCompany({ ...fields, company_id: world.company(id)?.company_id })
        : world.changeCompany(id, fields),
    end: (id) => world.deleteCompany(id),
    named: (name) =>
      world
        .createdCompanies()
        .filter(({ state, company_id }) => state === 'live' && company_id === name)
        .map(({ id }) => id),
    unknown: (i) => companyIntercomId(1_000_000 + i),
    seen: (id) => world.company(id),
  }
}

/** The body as in the API, written out here: the test must not depend on the code under test. */
function wireOf({ object }: Way, fields: Fields): object {
  const wire: Record<string, unknown> = {}
  const custom_attributes: Record<string, unknown> = {}
  for (const { field, type } of samples[object]) {
    if (!(field in fields)) continue
    const value = fields[field] ?? null
    const sent = value !== null && (type === 'date' || type === 'timestamp') ? Date.parse(String(value)) / 1000 : value
    const bare = field.replace('custom_attributes.', '')
    if (bare === field) wire[field] = sent
    else custom_attributes[bare] = sent
  }
  return { ...wire, custom_attributes }
}

function fieldIn(seen: ContactSeen | CompanySeen, { field, type }: Sample): FieldValue {
  const bare = field.replace('custom_attributes.', '')
  const shown: unknown =
    bare === field ? Object.entries(seen).find(([name]) => name === field)?.[1] : seen.custom_attributes[bare]
  const raw = field === 'plan' ? (shown as { name?: string }).name : shown
  if (raw === null || raw === undefined || raw === '') return null
  if (type !== 'date' && type !== 'timestamp') return raw as FieldValue
  const iso = new Date(Number(raw) * 1000).toISOString()
  return type === 'date' ? iso.slice(0, 10) : `${iso.slice(0, -5)}Z`
}

const scopeOf: Readonly<Record<string, string>> = {
  'Read and list users and companies': 'read_users_companies',
  'Write users and companies': 'write_users_companies',
}

const writes: readonly Pick<FaultRule, 'method' | 'path'>[] = [
  ...['/contacts', '/contacts/*/archive', '/contacts/*/unarchive', '/companies', '/data_attributes'].map((path) => ({
    method: 'POST',
    path,
  })),
  { method: 'PUT' },
  { method: 'DELETE' },
]
