import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv, type ValidateFunction } from 'ajv'
import {
  admins,
  companyIntercomId,
  contactId,
  startIntercomEmulator,
  ticketId,
  type IntercomEmulator,
} from './index.ts'
import { answersOf, errorAnswer } from './schemas/answers.fixture.ts'
import { requestsOf } from './schemas/requests.fixture.ts'
import { versions, type DescribedVersion, type Schema } from './schemas/schema.fixture.ts'

const admin_id = admins[0]!.id
const found = { field: 'tag_id', operator: '=', value: '101' }

/** The description says a list; Intercom answers with one company, and clients read one. */
const oneCompany = ['/companies?company_id=company-1', '/companies?name=Company%201']

/** Each row: an operation of the description, a call to the emulator, and the status it must answer with. */
type Row = readonly [operation: string, path: string, status: number, body?: unknown]

/** The order matters: each row sees the effects of the rows before it. */
function rowsOf(version: DescribedVersion): readonly Row[] {
  const is214 = version === '2.14'
  return [
    ['GET /me', '/me', 200],
    ['GET /admins', '/admins', 200],
    ['GET /admins/{admin_id}', `/admins/${admin_id}`, 200],
    ['GET /admins/{admin_id}', '/admins/5', 404],
    ['GET /tags', '/tags', 200],
    ['POST /tags', '/tags', 200, { name: 'Made' }],
    ['POST /tags', '/tags', 200, { id: '102', name: 'Renamed' }],
    [
      'POST /tags',
      '/tags',
      is214 ? 404 : 200,
      { name: 'Big', companies: [{ company_id: 'company-1' }, { company_id: 'nobody' }] },
    ],
    ['POST /tags', '/tags', 200, { name: 'Big', users: [{ id: contactId(1) }] }],
    ['POST /tags', '/tags', 400, {}],
    ['GET /tags/{tag_id}', '/tags/101', 200],
    ['GET /tags/{tag_id}', '/tags/999', 404],
    ['DELETE /tags/{tag_id}', '/tags/999', 404],
    ['POST /contacts/{contact_id}/tags', `/contacts/${contactId(1)}/tags`, 200, { id: '101' }],
    ['POST /contacts/{contact_id}/tags', '/contacts/x/tags', 404, { id: '101' }],
    ['GET /contacts/{contact_id}/tags', `/contacts/${contactId(1)}/tags`, 200],
    ['GET /contacts/{contact_id}', `/contacts/${contactId(1)}`, 200],
    ['GET /contacts/{contact_id}', `/contacts/${contactId(9)}`, is214 ? 404 : 410],
    ['GET /contacts/find_by_external_id/{external_id}', '/contacts/find_by_external_id/user-1', 200],
    ['GET /contacts', '/contacts?per_page=3', 200],
    ['POST /contacts/search', '/contacts/search', 200, { query: found }],
    ['POST /contacts/search', '/contacts/search', 400, { query: 1 }],
    ['DELETE /contacts/{contact_id}/tags/{tag_id}', `/contacts/${contactId(1)}/tags/101`, 200],
    ['DELETE /contacts/{contact_id}/tags/{tag_id}', `/contacts/${contactId(1)}/tags/101`, 200],
    ['GET /companies', '/companies?tag_id=103', 200],
    ['GET /companies', '/companies?per_page=2', 200],
    ...oneCompany.map((path): Row => ['GET /companies/{company_id}', path, 200]),
    ['GET /companies/{company_id}', `/companies/${companyIntercomId(1)}`, 200],
    ['GET /companies/{company_id}', '/companies/x', 404],
    ['POST /companies/list', '/companies/list?per_page=2', 200],
    ['POST /companies/list', '/companies/list?per_page=2&page=3', 200],
    ['GET /companies/scroll', '/companies/scroll', 200],
    ['POST /conversations/{conversation_id}/tags', '/conversations/1/tags', 200, { id: '101', admin_id }],
    ['GET /conversations/{conversation_id}', '/conversations/1', 200],
    ['GET /conversations/{conversation_id}', '/conversations/999', 404],
    ['GET /conversations', '/conversations', 200],
    [
      'POST /conversations/search',
      '/conversations/search',
      200,
      { query: { field: 'id', operator: 'IN', value: ['1'] } },
    ],
    ['DELETE /conversations/{conversation_id}/tags/{tag_id}', '/conversations/1/tags/101', 200, { admin_id }],
    ['DELETE /conversations/{conversation_id}/tags/{tag_id}', '/conversations/1/tags/999', 404, { admin_id }],
    ['POST /tickets/{ticket_id}/tags', `/tickets/${ticketId(1)}/tags`, 200, { id: '101', admin_id }],
    ['GET /tickets/{ticket_id}', `/tickets/${ticketId(1)}`, 200],
    ['GET /conversations/{conversation_id}', `/conversations/${ticketId(1)}`, 200],
    ['DELETE /tickets/{ticket_id}/tags/{tag_id}', `/tickets/${ticketId(1)}/tags/101`, 200, { admin_id }],
    ['POST /contacts/{contact_id}/companies', `/contacts/${contactId(1)}/companies`, 200, { id: companyIntercomId(3) }],
    ['POST /contacts/{contact_id}/companies', `/contacts/${contactId(1)}/companies`, 400, {}],
    ['POST /contacts/{contact_id}/companies', `/contacts/${contactId(1)}/companies`, 404, { id: 'x' }],
    ['GET /contacts/{contact_id}/companies', `/contacts/${contactId(1)}/companies`, 200],
    ['GET /contacts/{contact_id}/companies', '/contacts/x/companies', 404],
    ['GET /companies/{company_id}/contacts', `/companies/${companyIntercomId(3)}/contacts`, 200],
    ['GET /companies/{company_id}/contacts', '/companies/x/contacts', 404],
    [
      'DELETE /contacts/{contact_id}/companies/{company_id}',
      `/contacts/${contactId(1)}/companies/${companyIntercomId(3)}`,
      200,
    ],
    ['DELETE /contacts/{contact_id}/companies/{company_id}', `/contacts/x/companies/${companyIntercomId(3)}`, 404],
    [
      'POST /contacts',
      '/contacts',
      200,
      { external_id: 'new', email: 'new@example.com', custom_attributes: { paid_subscriber: true } },
    ],
    ['POST /contacts', '/contacts', 400, { name: 'nobody' }],
    ['POST /contacts', '/contacts', 409, { external_id: 'user-2' }],
    [
      'PUT /contacts/{contact_id}',
      `/contacts/${contactId(2)}`,
      200,
      { name: 'New', avatar: 'https://x.example/a.png', owner_id: is214 ? Number(admin_id) : admin_id },
    ],
    ['PUT /contacts/{contact_id}', '/contacts/x', 404, { name: 'New' }],
    ['GET /contacts/{contact_id}', `/contacts/${contactId(2)}`, 200],
    ['POST /contacts/{contact_id}/archive', `/contacts/${contactId(3)}/archive`, 200],
    ['POST /contacts/{contact_id}/unarchive', `/contacts/${contactId(3)}/unarchive`, 200],
    ['POST /contacts/{contact_id}/block', `/contacts/${contactId(3)}/block`, 200],
    ['POST /contacts/merge', '/contacts/merge', is214 ? 200 : 400, { from: contactId(5), into: contactId(4) }],
    ...(is214
      ? []
      : [
          [
            'POST /contacts/merge',
            '/contacts/merge',
            200,
            { from: contactId(5), into: contactId(4), skip_duplicate_validation: true },
          ] as const,
        ]),
    ['DELETE /contacts/{contact_id}', `/contacts/${contactId(4)}`, 200],
    [
      'POST /companies',
      '/companies',
      200,
      {
        company_id: 'acme',
        name: 'Acme',
        plan: 'Pro',
        size: 3,
        website: 'x',
        industry: 'y',
        monthly_spend: 9,
        custom_attributes: { notes: 'z' },
      },
    ],
    ['POST /companies', '/companies', 400, { company_id: 'acme', test: 1 }],
    ['PUT /companies/{company_id}', `/companies/${companyIntercomId(2)}`, 200, { name: 'New' }],
    ['PUT /companies/{company_id}', '/companies/x', 404, { name: 'New' }],
    ['DELETE /companies/{company_id}', `/companies/${companyIntercomId(2)}`, 200],
    ['DELETE /companies/{company_id}', '/companies/x', 404],
    ['GET /data_attributes', '/data_attributes?model=contact&include_archived=true', 200],
    ['GET /data_attributes', '/data_attributes?model=company', 200],
    ['GET /data_attributes', '/data_attributes?model=conversation', is214 ? 200 : 422],
    [
      'POST /data_attributes',
      '/data_attributes',
      200,
      { name: 'Mithril Shirt', model: 'company', data_type: 'string' },
    ],
    [
      'POST /data_attributes',
      '/data_attributes',
      200,
      { name: 'size_range', model: 'contact', data_type: 'options', options: [{ value: 'a' }, { value: 'b' }] },
    ],
    ['POST /data_attributes', '/data_attributes', 400, { name: '!nv@l!d', model: 'company', data_type: 'string' }],
    [
      'PUT /data_attributes/{data_attribute_id}',
      '/data_attributes/12879',
      200,
      { description: 'x', options: [{ value: 'a' }, { value: 'b' }] },
    ],
    ['PUT /data_attributes/{data_attribute_id}', '/data_attributes/1', 404, { archived: true }],
  ]
}

for (const version of versions) {
  let emulator: IntercomEmulator
  const rows = rowsOf(version)
  const answers = answersOf(version)
  const requests = requestsOf(version)

  before(async () => {
    emulator = await startIntercomEmulator({
      contacts: 20,
      companies: 5,
      leadEvery: 5,
      conversations: 3,
      tickets: 1,
      tags: ['A', 'B'],
      tagged: [{ tag: 'A', contacts: [1, 2], conversations: [2] }],
    })
    emulator.world.mergeContact(9, 10)
  })
  after(() => emulator.close())

  for (const [operation, path, status, body] of rows) {
    const called = `${operation} ${status}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`
    test(`${version}: ${called} answers as described`, async () => {
      // A request that is rejected may be deliberately wrong; one that is carried out must match Intercom's
      // description.
      if (body !== undefined && status < 400) holds(requests[operation], body)
      const [method = ''] = operation.split(' ')
      const reply = await fetch(emulator.url + path, {
        method,
        headers: {
          authorization: `Bearer ${emulator.token}`,
          'intercom-version': version,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const json: unknown = await reply.json()
      assert.equal(reply.status, status, JSON.stringify(json))
      holds(status < 400 ? answers[operation] : errorAnswer, json)
    })
  }

  test(`${version}: every operation that is described is called`, () => {
    const done = rows.filter(([, , status]) => status < 400)
    assert.deepEqual(new Set(done.map(([operation]) => operation)), new Set(Object.keys(answers)))
    assert.deepEqual(
      new Set(done.filter(([, , , body]) => body !== undefined).map(([operation]) => operation)),
      new Set(Object.keys(requests)),
    )
  })
}

/** Strict: a misspelt keyword, or a required property without a description, is a schema error. */
const ajv = new Ajv({ strict: true, strictRequired: true, allErrors: true, allowUnionTypes: true })
const compiled = new Map<Schema, ValidateFunction>()

function holds(schema: Schema | undefined, json: unknown): void {
  assert.ok(schema, 'not described')
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  assert.ok(validate(json), `${JSON.stringify(validate.errors, null, 2)}\n${JSON.stringify(json)}`)
}
