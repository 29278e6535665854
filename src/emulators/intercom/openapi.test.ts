import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import type { Loose } from './emulator.fixture.ts'
import { admins, companyIntercomId, contactId, startIntercomEmulator, ticketId, type IntercomEmulator } from './index.ts'

// Intercom's own description of its API; not part of this repository.
const description = fileURLToPath(new URL('../../../../shared/specs/intercom/intercom-2.16.yaml', import.meta.url))
const skip = existsSync(description) ? false : `Intercom's OpenAPI description is not here: ${description}`

const admin_id = admins[0]!.id
const found = { field: 'tag_id', operator: '=', value: '101' }

/** Where the description contradicts its own examples, the docs or recorded answers; what is allowed in its place. */
const slips: readonly { readonly schema: string; readonly property: string; readonly why: string; readonly allow: object }[] = [
  {
    schema: 'cursor_pages', property: 'next', why: 'lists by page number answer the address of the next page, as their prose says',
    allow: { anyOf: [{ $ref: '#/components/schemas/starting_after_paging' }, { type: 'string', format: 'uri' }] },
  },
  ...['remote_created_at', 'last_request_at'].map((property) => ({
    schema: 'company', property, why: 'a company that was only created has no such time', allow: { type: 'integer', nullable: true },
  })),
]

/** Described as a list; one company is what Intercom answers, and what clients read. */
const oneCompany = ['/companies?company_id=company-1', '/companies?name=Company%201']

/** Each row: an operation of the description, a call to the emulator, and the status it must answer with. */
type Row = readonly [operation: string, path: string, status: number, body?: unknown]
const rows: readonly Row[] = [
  ['GET /me', '/me', 200],
  ['GET /admins', '/admins', 200],
  ['GET /admins/{admin_id}', `/admins/${admin_id}`, 200],
  ['GET /admins/{admin_id}', '/admins/5', 404],
  ['GET /tags', '/tags', 200],
  ['POST /tags', '/tags', 200, { name: 'Made' }],
  ['POST /tags', '/tags', 200, { id: '102', name: 'Renamed' }],
  ['POST /tags', '/tags', 200, { name: 'Big', companies: [{ company_id: 'company-1' }, { company_id: 'nobody' }] }],
  ['POST /tags', '/tags', 200, { name: 'Big', users: [{ id: contactId(1) }] }],
  ['POST /tags', '/tags', 400, {}],
  ['GET /tags/{tag_id}', '/tags/101', 200],
  ['GET /tags/{tag_id}', '/tags/999', 404],
  ['DELETE /tags/{tag_id}', '/tags/999', 404],
  ['POST /contacts/{contact_id}/tags', `/contacts/${contactId(1)}/tags`, 200, { id: '101' }],
  ['POST /contacts/{contact_id}/tags', '/contacts/x/tags', 404, { id: '101' }],
  ['GET /contacts/{contact_id}/tags', `/contacts/${contactId(1)}/tags`, 200],
  ['GET /contacts/{contact_id}', `/contacts/${contactId(1)}`, 200],
  ['GET /contacts/{contact_id}', `/contacts/${contactId(9)}`, 410],
  ['GET /contacts/find_by_external_id/{external_id}', '/contacts/find_by_external_id/user-1', 200],
  ['GET /contacts', '/contacts?per_page=3', 200],
  ['POST /contacts/search', '/contacts/search', 200, { query: found }],
  ['POST /contacts/search', '/contacts/search', 400, { query: 1 }],
  ['DELETE /contacts/{contact_id}/tags/{tag_id}', `/contacts/${contactId(1)}/tags/101`, 200],
  ['DELETE /contacts/{contact_id}/tags/{tag_id}', `/contacts/${contactId(1)}/tags/101`, 200],
  ['GET /companies', '/companies?tag_id=103', 200],
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
  ['POST /conversations/search', '/conversations/search', 200, { query: { field: 'id', operator: 'IN', value: ['1'] } }],
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
  ['DELETE /contacts/{contact_id}/companies/{company_id}', `/contacts/${contactId(1)}/companies/${companyIntercomId(3)}`, 200],
  ['DELETE /contacts/{contact_id}/companies/{company_id}', `/contacts/x/companies/${companyIntercomId(3)}`, 404],
  ['POST /contacts', '/contacts', 200, { external_id: 'new', email: 'new@example.com', custom_attributes: { paid_subscriber: true } }],
  ['POST /contacts', '/contacts', 400, { name: 'nobody' }],
  ['POST /contacts', '/contacts', 409, { external_id: 'user-2' }],
  ['PUT /contacts/{contact_id}', `/contacts/${contactId(2)}`, 200, { name: 'New', owner_id: admin_id }],
  ['PUT /contacts/{contact_id}', '/contacts/x', 404, { name: 'New' }],
  ['GET /contacts/{contact_id}', `/contacts/${contactId(2)}`, 200],
  ['POST /contacts/{contact_id}/archive', `/contacts/${contactId(3)}/archive`, 200],
  ['POST /contacts/{contact_id}/unarchive', `/contacts/${contactId(3)}/unarchive`, 200],
  ['POST /contacts/{contact_id}/block', `/contacts/${contactId(3)}/block`, 200],
  ['POST /contacts/merge', '/contacts/merge', 400, { from: contactId(5), into: contactId(4) }],
  ['POST /contacts/merge', '/contacts/merge', 200, { from: contactId(5), into: contactId(4), skip_duplicate_validation: true }],
  ['DELETE /contacts/{contact_id}', `/contacts/${contactId(4)}`, 200],
  ['POST /companies', '/companies', 200, { company_id: 'acme', name: 'Acme', plan: 'Pro', size: 3, website: 'x', industry: 'y', monthly_spend: 9 }],
  ['POST /companies', '/companies', 400, { company_id: 'acme', test: 1 }],
  ['PUT /companies/{company_id}', `/companies/${companyIntercomId(2)}`, 200, { name: 'New' }],
  ['PUT /companies/{company_id}', '/companies/x', 404, { name: 'New' }],
  ['DELETE /companies/{company_id}', `/companies/${companyIntercomId(2)}`, 200],
  ['DELETE /companies/{company_id}', '/companies/x', 404],
  ['GET /data_attributes', '/data_attributes?model=contact&include_archived=true', 200],
  ['GET /data_attributes', '/data_attributes?model=company', 200],
  ['GET /data_attributes', '/data_attributes?model=conversation', 422],
  ['POST /data_attributes', '/data_attributes', 200, { name: 'Mithril Shirt', model: 'company', data_type: 'string' }],
  ['POST /data_attributes', '/data_attributes', 200, { name: 'size_range', model: 'contact', data_type: 'options', options: [{ value: 'a' }, { value: 'b' }] }],
  ['POST /data_attributes', '/data_attributes', 400, { name: '!nv@l!d', model: 'company', data_type: 'string' }],
  ['PUT /data_attributes/{data_attribute_id}', '/data_attributes/12879', 200, { description: 'x', options: [{ value: 'a' }, { value: 'b' }] }],
  ['PUT /data_attributes/{data_attribute_id}', '/data_attributes/1', 404, { archived: true }],
]

/** Fields of the description's examples that the emulator leaves out on purpose: nothing here writes or reads them. */
const leftOut = /^(android_|ios_|opted_|utm_|referrer$|enabled_push_messaging$|country_code$|continent_code$|topics$|ticket$)/

let emulator: IntercomEmulator
let schemas: Schemas

before(async () => {
  if (skip !== false) return
  schemas = readSchemas(description)
  emulator = await startIntercomEmulator({
    contacts: 20, companies: 5, leadEvery: 5, conversations: 3, tickets: 1, tags: ['A', 'B'],
    tagged: [{ tag: 'A', contacts: [1, 2], conversations: [2] }],
  })
  emulator.world.mergeContact(9, 10)
})
after(() => emulator?.close())

for (const [operation, path, status, body] of rows) {
  test(`${operation} ${status}${body === undefined ? '' : ` ${JSON.stringify(body)}`} answers as described`, { skip }, async () => {
    const [method = ''] = operation.split(' ')
    const reply = await fetch(emulator.url + path, {
      method, headers: { 'authorization': `Bearer ${emulator.token}`, 'intercom-version': '2.16', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const json = await reply.json()
    assert.equal(reply.status, status, JSON.stringify(json))
    const { validate, examples } = schemas(operation, status)
    assert.ok(validate(json), `${JSON.stringify(validate.errors, null, 2)}\n${JSON.stringify(json)}`)
    // The description requires next to nothing: its examples tell which fields an answer has.
    for (const example of examples) assert.deepEqual(lacking(example, json, ''), [])
  })
}

type Schemas = (operation: string, status: number) => { validate: ValidateFunction; examples: unknown[] }
type Schema = Record<string, Loose>

function readSchemas(path: string): Schemas {
  const api = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as Schema
  for (const { schema, property, allow } of slips) {
    const properties = api.components.schemas[schema].properties
    assert.ok(property in properties, `${schema}.${property} is no longer described: drop the slip`)
    properties[property] = allow
  }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'intercom', components: { schemas: nullable(api.components.schemas) } })
  return (operation, status) => {
    const [method = '', route = ''] = operation.split(' ')
    const described = api.paths[route]?.[method.toLowerCase()]?.responses?.[status]
    // Some errors are described only in prose or on other operations; all have the one envelope.
    const content = described?.content?.['application/json']
    const schema = content?.schema ?? (status >= 400 ? { $ref: '#/components/schemas/error' } : undefined)
    assert.ok(schema, `${operation} ${status} is not described`)
    const examples = Object.values((content?.examples ?? {}) as Schema).map(({ value }) => value)
    return { validate: ajv.compile(absolute(nullable(schema))), examples }
  }
}

/** Paths of the fields that an example has and an answer lacks; lists are compared by their first elements. */
function lacking(example: unknown, answer: unknown, path: string): string[] {
  // Each workspace has its own.
  if (path.endsWith('.custom_attributes')) return []
  if (typeof example !== 'object' || example === null || typeof answer !== 'object' || answer === null) return []
  if (Array.isArray(example)) return Array.isArray(answer) ? lacking(example[0], answer[0], `${path}[]`) : []
  return Object.entries(example).filter(([name]) => !leftOut.test(name)).flatMap(([name, value]) => (
    name in answer ? lacking(value, (answer as Schema)[name], `${path}.${name}`) : [`${path}.${name}`]
  ))
}

/** OpenAPI 3.0's `nullable: true` in JSON Schema's words; also beside `allOf`, where it means the same. */
function nullable(schema: Loose): Loose {
  if (Array.isArray(schema)) return schema.map(nullable)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable: mayBeNull, example: _example, examples: _examples, ...rest } = schema as Schema
  const converted = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, nullable(value)]))
  return mayBeNull === true ? { anyOf: [{ type: 'null' }, converted] } : converted
}

function absolute(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"intercom#/components/'))
}
