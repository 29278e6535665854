import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  Fault,
  partialOutcomes,
  type Identity,
  type DeliverIo,
  type Operation,
  type OperationKind,
  type Outcomes,
} from '../../connect/index.ts'
import { admins, companyId, companyIntercomId, contactId, startIntercomEmulator, ticketId } from './emulator/index.ts'
import { createHttpClient } from '../../http/http-client.ts'
import { oneTicket } from '../../testing/target-kit/harness-connection.ts'
import { target } from './index.ts'

type Emulator = Awaited<ReturnType<typeof startIntercomEmulator>>

/** The change to one answer: its whole body, or one value in it. */
interface Oddity {
  /** Index of the answer, from 0. `lasting`: all later answers get the same change. */
  readonly nth: number
  readonly lasting: boolean
  readonly whole: string | null
  /** Index of the value in the body, modulo the number of values, and its replacement: JSON text, or one of `acts`. */
  readonly at: number
  readonly becomes: string
}

const acts = ['left out', 'doubled', 'null among its items', 'wrapped'] as const
const values = [
  'null',
  '""',
  '"x"',
  '0',
  '-1',
  '0.5',
  '12345678901234567890',
  '1e400',
  'true',
  '[]',
  '{}',
  '[null]',
  '{"data":null}',
  '[[]]',
  '"\\u0000"',
]
const wholes = [
  '',
  '<html>hello</html>',
  '{"type":"list","data":[{"id"',
  'null',
  '[]',
  '{}',
  '"ok"',
  '42',
  '{"data":[null]}',
  '{"errors":null}',
  '\uFEFF{}',
  '{"id":12345678901234567890}',
]

const oddity: fc.Arbitrary<Oddity> = fc.record({
  nth: fc.integer({ min: 0, max: 5 }),
  lasting: fc.boolean(),
  whole: fc.option(fc.constantFrom(...wholes), { freq: 3 }),
  at: fc.nat(400),
  becomes: fc.constantFrom(...acts, ...values),
})

/** The body with one value changed. What no JSON value can express replaces a placeholder in the text. */
function changed(text: string, { whole, at, becomes }: Oddity): string {
  if (whole !== null) return whole
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return ''
  }
  const places: { readonly parent: Record<string, unknown>; readonly key: string }[] = []
  const walk = (parent: Record<string, unknown>, key: string): void => {
    places.push({ parent, key })
    const value = parent[key]
    if (typeof value === 'object' && value !== null)
      for (const each of Object.keys(value)) walk(value as Record<string, unknown>, each)
  }
  const root = { '': body }
  walk(root, '')
  const { parent, key } = places[at % places.length] ?? assert.fail()
  const value = parent[key]
  if (becomes === 'left out' && Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (becomes === 'left out') delete parent[key]
  else if (becomes === 'doubled')
    parent[key] = Array.isArray(value)
      ? [...(value as unknown[]), ...(value as unknown[])]
      : `${String(value)}${String(value)}`
  else if (becomes === 'null among its items')
    parent[key] = Array.isArray(value) ? [null, ...(value as unknown[])] : null
  else if (becomes === 'wrapped') parent[key] = [value]
  else parent[key] = '@@here@@'
  return (JSON.stringify(root['']) ?? '').replace('"@@here@@"', becomes)
}

/** A proxy between a client and the emulator that changes answers. */
async function between(emulator: Emulator, odd: Oddity) {
  let answers = 0
  const server = createServer((incoming, response) => {
    const onward = ask(
      `${emulator.url}${incoming.url}`,
      { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: new URL(emulator.url).host } },
      (reply: IncomingMessage) => {
        const chunks: Buffer[] = []
        reply
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const text = Buffer.concat(chunks).toString()
            const hit = odd.lasting ? answers >= odd.nth : answers === odd.nth
            answers += 1
            const { 'content-length': _, 'transfer-encoding': __, ...headers } = reply.headers
            const body = hit ? changed(text, odd) : text
            response
              .writeHead(reply.statusCode ?? 500, {
                ...headers,
                ...(hit && odd.whole?.startsWith('<') === true && { 'content-type': 'text/html' }),
                'content-length': Buffer.byteLength(body),
              })
              .end(body)
          })
      },
    )
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Stage {
  readonly io: DeliverIo
  readonly emulator: Emulator
}

/** Does one operation and asserts that what the connector reports matches the emulator's state. */
type Scenario = (stage: Stage) => Promise<void>

async function gather<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function objectOf(id: string) {
  return target.objects.find((object) => object.id === id) ?? assert.fail(id)
}

type Unaddressed = Omit<Operation, 'key' | 'group'>

/**
 * Delivers, group by group if the object has groups, and asserts that everything reported as done is done. `isSo`: with
 * the index of the group in the settings.
 */
async function deliverHonestly(
  stage: Stage,
  id: string,
  settings: object,
  operations: readonly Unaddressed[],
  isSo: (operation: Unaddressed, groupAt: number) => boolean,
): Promise<void> {
  const object = objectOf(id)
  const { io } = stage
  const resolved = await object.resolve(io, object.settings.parse(settings))
  const { ready, groups } = await object.prepare(io, resolved.ready)
  for (const [groupAt, group] of (object.group === undefined ? [''] : groups.map((each) => each.id ?? '')).entries()) {
    const judge = (outcomes: Outcomes): void =>
      operations.forEach((operation, at) => {
        const outcome = outcomes.get(String(at))
        if (outcome?.status === 'delivered')
          assert.ok(
            isSo(operation, groupAt),
            `said to be delivered, and is not: ${inspect({ operation, group, outcome }, { depth: 4 })}`,
          )
        if (outcome !== undefined && 'code' in outcome)
          assert.ok(outcome.code !== 'connector-failed' && outcome.code !== 'unexpected', inspect(outcome))
      })
    try {
      judge(
        await object.deliver(
          io,
          ready,
          operations.map((operation, at): Operation => ({ ...operation, key: String(at), group })),
        ),
      )
    } catch (error) {
      judge(partialOutcomes(error))
      throw error
    }
  }
}

function memberships(
  id: string,
  settings: object,
  kind: 'attach' | 'detach',
  identities: readonly Identity[],
  holds: (emulator: Emulator, identity: Identity, groupAt: number) => boolean,
): Scenario {
  return async (stage) => {
    const operations = identities.map((identity) => ({ kind, identity }))
    await deliverHonestly(
      stage,
      id,
      settings,
      operations,
      ({ identity }, groupAt) => holds(stage.emulator, identity, groupAt) === (kind === 'attach'),
    )
  }
}

function look(id: string, settings: object, identities: readonly Identity[]): Scenario {
  return async ({ io }) => {
    const object = objectOf(id)
    const resolved = await object.resolve(io, object.settings.parse(settings))
    const { ready, groups } = resolved
    await gather(object.read(io, ready, identities))
    await object.group?.list?.(io)
    for (const { id: group } of groups) {
      if (group === null || object.listing === undefined) continue
      await object.listing.count(io, ready, group)
      await gather(object.listing.holders(io, ready, group, 'id'))
    }
    if (object.listing?.of !== undefined) await gather(object.listing.of(io, ready, identities))
    await object.listing?.population?.(io, ready)
    await object.population?.(io, ready)
    await object.fields?.list(io)
    const [first] = identities
    if (first !== undefined && object.find !== undefined)
      await gather(
        object.find.find(
          io,
          ready,
          first.field,
          identities.map(({ value }) => value),
        ),
      )
  }
}

const ids = [1, 2, 3]
const onContacts = ids.map((n): Identity => ({ field: 'id', value: contactId(n) }))
const onCompanies = [
  ...ids.map((n): Identity => ({ field: 'id', value: companyIntercomId(n) })),
  { field: 'id', value: companyIntercomId(999) },
]
const onOurCompanies = [
  ...ids.map((n): Identity => ({ field: 'company_id', value: companyId(n) })),
  { field: 'company_id', value: 'nobody' },
]
const onTickets = ids.map((n): Identity => ({ field: 'id', value: ticketId(n) }))
const onTalks = ids.map((n): Identity => ({ field: 'id', value: String(n) }))
const vip = { tags: ['VIP'] }
const vipAndNewest = ['VIP', 'Newest']

const tagged =
  (kind: 'contact' | 'conversation' | 'ticket') =>
  (emulator: Emulator, { value }: Identity, groupAt: number): boolean =>
    emulator.world.tagsOn(kind, value).includes(vipAndNewest[groupAt] ?? '')
const companyTagged = (emulator: Emulator, { field, value }: Identity): boolean => {
  const own = field === 'id' ? value : companyIntercomId(Number(/\d+$/.exec(value)?.[0] ?? 999))
  return own !== companyIntercomId(999) && emulator.world.tagsOn('company', own).includes('VIP')
}
const linked = (emulator: Emulator, { value }: Identity): boolean =>
  emulator.world.companiesOf(value).includes(companyIntercomId(2))

function record(
  id: 'contact' | 'company',
  kind: OperationKind,
  identity: Identity,
  fields: object,
  isSo: (emulator: Emulator) => boolean,
): Scenario {
  return (stage) =>
    deliverHonestly(
      stage,
      id,
      {},
      [{ kind, identity, identities: [identity], fields: fields as Operation['fields'] & object }],
      () => isSo(stage.emulator),
    )
}

const live = (emulator: Emulator, id: string): boolean => emulator.world.contact(id)?.state === 'live'
const scenarios: Readonly<Record<string, Scenario>> = {
  'who it is': async ({ io }) => void (await target.identify(io)),
  'what it may': async ({ io }) => void (await target.check(io)),
  'contacts and tags': look('contact_tag', vip, onContacts),
  'companies and tags': look('company_tag', vip, onCompanies),
  'conversations and tags': look('conversation_tag', { ...vip, admin: admins[1]?.email ?? '' }, onTalks),
  'tickets and tags': look('ticket_tag', vip, onTickets),
  'contacts and companies': look('contact_company', { companies: [companyId(2)] }, onContacts),
  'whole contacts': look('contact', {}, onContacts),
  'whole companies': look('company', {}, onOurCompanies),
  'tags onto contacts': memberships('contact_tag', vip, 'attach', onContacts, tagged('contact')),
  'tags onto contacts, one by one': memberships(
    'contact_tag',
    { ...vip, delivery: 'single' },
    'attach',
    onContacts,
    tagged('contact'),
  ),
  'tags off contacts': memberships('contact_tag', vip, 'detach', onContacts, tagged('contact')),
  'a new tag': memberships(
    'contact_tag',
    { tags: vipAndNewest, createTag: true },
    'attach',
    onContacts,
    tagged('contact'),
  ),
  'tags onto companies': memberships('company_tag', vip, 'attach', onCompanies, companyTagged),
  'tags onto companies by company_id': memberships('company_tag', vip, 'attach', onOurCompanies, companyTagged),
  'tags onto conversations': memberships('conversation_tag', vip, 'attach', onTalks, tagged('conversation')),
  'tags off conversations': memberships('conversation_tag', vip, 'detach', onTalks, tagged('conversation')),
  'tags onto tickets': memberships('ticket_tag', vip, 'attach', onTickets, tagged('ticket')),
  'contacts into companies': memberships(
    'contact_company',
    { companies: [companyId(2)] },
    'attach',
    onContacts,
    linked,
  ),
  'contacts out of companies': memberships(
    'contact_company',
    { companies: [companyId(2)] },
    'detach',
    onContacts,
    linked,
  ),
  'a contact created': record(
    'contact',
    'upsert',
    { field: 'external_id', value: 'new-1' },
    { name: 'Ann' },
    ({ world }) => world.contacts({ external_id: 'new-1' }).length === 1,
  ),
  'a contact upserted that exists': record(
    'contact',
    'upsert',
    { field: 'external_id', value: 'user-1' },
    { name: 'Ann' },
    ({ world }) => world.contact(contactId(1))?.name === 'Ann',
  ),
  'a contact updated': record(
    'contact',
    'update',
    { field: 'id', value: contactId(1) },
    { name: 'Ann' },
    ({ world }) => world.contact(contactId(1))?.name === 'Ann',
  ),
  'a contact archived': record(
    'contact',
    'archive',
    { field: 'id', value: contactId(1) },
    {},
    (emulator) => !live(emulator, contactId(1)),
  ),
  'a contact deleted': record(
    'contact',
    'delete',
    { field: 'id', value: contactId(1) },
    {},
    (emulator) => !live(emulator, contactId(1)),
  ),
  'a contact restored': record('contact', 'restore', { field: 'id', value: contactId(4) }, {}, (emulator) =>
    live(emulator, contactId(4)),
  ),
  'a company created': record(
    'company',
    'create',
    { field: 'company_id', value: 'fresh' },
    { name: 'Fresh' },
    ({ world }) => world.createdCompanies().some(({ company_id }) => company_id === 'fresh'),
  ),
  'a company updated': record(
    'company',
    'update',
    { field: 'id', value: companyIntercomId(1) },
    { name: 'Other' },
    ({ world }) => world.company(companyIntercomId(1))?.name === 'Other',
  ),
  'a company deleted': record(
    'company',
    'delete',
    { field: 'id', value: companyIntercomId(1) },
    {},
    ({ world }) => world.company(companyIntercomId(1))?.state !== 'live',
  ),
  'a field made': async ({ io }) =>
    void (await objectOf('contact').fields?.create?.(io, { name: 'custom_attributes.colour', type: 'text' })),
}

async function play(scenario: Scenario, odd: Oddity): Promise<Fault | undefined> {
  const emulator = await startIntercomEmulator({
    contacts: 5,
    companies: 5,
    conversations: 5,
    tickets: 5,
    tags: ['VIP'],
  })
  emulator.world.archiveContact(contactId(4))
  const proxy = await between(emulator, odd)
  const log = { debug() {}, info() {}, warn() {} }
  const signal = new AbortController().signal
  const config = target.config.parse({ token: emulator.token, baseUrl: proxy.url })
  const client = createHttpClient({
    policy: target.http(config),
    secrets: [],
    signal,
    now: Date.now,
    random: Math.random,
    log,
    patienceMs: 40,
    firstContactMs: 300,
    backoff: { baseMs: 1, capMs: 5 },
  })
  const facts = new Map<string, string>()
  const memory = {
    get: async (_: string, name: string) => facts.get(name),
    set: async (_: string, name: string, value: string) => void facts.set(name, value),
  }
  try {
    await scenario({ io: { config, http: client, log, signal, memory, ...oneTicket() }, emulator })
    return undefined
  } catch (error) {
    if (Fault.is(error)) return error
    throw error
  } finally {
    await client.close()
    proxy.close()
    await emulator.close()
  }
}

const runs = 40

for (const [name, scenario] of Object.entries(scenarios)) {
  test(`${name}: whatever shape an answer has, it is a Fault with words, and nothing is claimed that is not so`, async () => {
    assert.equal(
      await play(scenario, { nth: -1, lasting: false, whole: null, at: 0, becomes: '' }),
      undefined,
      'it works as long as answers are as documented',
    )
    await fc.assert(
      fc.asyncProperty(oddity, async (odd) => {
        const fault = await play(scenario, odd)
        if (fault === undefined) return
        assert.ok(
          fault.kind !== 'bug' && fault.code !== 'unexpected' && fault.code !== 'connector-failed',
          inspect(fault),
        )
        if (fault.code === 'odd-answer')
          assert.match(fault.message, /(GET|POST|PUT|DELETE|PATCH)( \/|.* tags of).*\(status \d+.*\)/, fault.message)
      }),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 },
    )
  })
}
