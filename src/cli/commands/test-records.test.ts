import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 0 })
const write = (file: string, text: string): Promise<void> => writeFile(join(cli.dir, file), text)

await write(
  'tailrace.yaml',
  `warehouses:
  shop: { type: postgres, url: "\${WAREHOUSE_URL}" }
targets:
  support: { type: intercom, token: "\${TOKEN_NOT_SET}" }
activations:
  customers:
    warehouse: shop
    query: select * from customers
    target: support
    object: contact
    behavior: mirror
    archived: unarchive
    identifier: { field: external_id, column: id }
    mapping: { name: name, phone: phone, avatar: picture, signed_up_at: since, custom_attributes.plan: plan, custom_attributes.seats: seats }
  accounts:
    warehouse: shop
    query: select * from accounts
    target: support
    object: company
    behavior: upsert
    identifier: { field: company_id, column: id }
    mapping: { name: name, plan: plan, custom_attributes.tier: tier }
  links:
    warehouse: shop
    query: select * from links
    target: support
    object: contact_company
    behavior: attach
    identifier: { field: external_id, column: id }
    companies: { column: company }
`,
)

const good = `cases:
  - name: created, updated, left alone
    activation: customers
    columns: { seats: integer, since: timestamp }
    before:
      attributes: { contact: { plan: string, seats: integer } }
      contacts:
        c1: { external_id: u1, fields: { name: Ada, phone: +35311, custom_attributes.plan: free, custom_attributes.seats: 3 } }
        c2: { external_id: u2, fields: { name: Bob, custom_attributes.plan: pro, custom_attributes.seats: 5 } }
        c3: { external_id: u3, fields: { name: Cy } }
    rows:
      - { id: u1, name: Ada, phone: +35399, plan: pro, seats: 3 }
      - { id: u2, name: Bob, plan: pro, seats: 5 }
      - { id: 007, name: Dee, picture: https://x.example/d.png, plan: free, seats: 1, since: 2026-11-22 09:30:00 }
    expect:
      records:
        created: { 007: { name: Dee, avatar: https://x.example/d.png, custom_attributes.plan: free, custom_attributes.seats: 1, signed_up_at: 2026-11-22T09:30:00Z } }
        updated: { c1: { phone: +35399, custom_attributes.plan: pro } }
    then:
      - expect: { status: shelved, records: {} }
      - name: one leaves
        rows:
          - { id: u1, name: Ada, phone: +35399, plan: pro, seats: 3 }
          - { id: u2, name: Bob, plan: pro, seats: 5 }
        expect: { records: { archived: [007] } }
      - name: and is back, brought back by hand, with a person's edit elsewhere
        edits: [{ unarchiveContact: "007" }, { changeContact: c1, fields: { phone: +35300 } }]
        rows:
          - { id: u1, name: Ada L., phone: +35399, plan: pro, seats: 3 }
          - { id: u2, name: Bob, plan: null, seats: 5 }
          - { id: 007, name: Dee, plan: free, seats: 2, since: 2026-11-22 09:30:00 }
        expect: { records: { updated: { c1: { name: Ada L. }, 007: { custom_attributes.seats: 2 } } } }
      - name: no rows at all
        rows: []
        expect: { status: blocked, fault: guard-empty, records: {} }
  - name: companies
    activation: accounts
    before:
      attributes: { company: { tier: string } }
      companies: { acme: { fields: { name: Acme, plan: gold } } }
    rows: [{ id: acme, name: Acme, plan: silver }, { id: new, name: New, tier: a }]
    expect: { records: { created: { new: { name: New, custom_attributes.tier: a } }, updated: { acme: { plan: silver } } } }
  - name: what Intercom does not have
    activation: accounts
    rows: [{ id: acme, name: Acme }]
    expect: { fault: field-not-found }
`

test('cases tell what becomes of contacts and companies, with the values of their Fields', async () => {
  await write('tailrace.test.yaml', good)
  const { code, stdout, stderr } = await cli.tailrace(['test'])
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /3 cases passed/)
})

test('a case that fails says which Field is missing, and which was not expected', async () => {
  await write(
    'tailrace.test.yaml',
    good
      .replace(
        'updated: { c1: { phone: +35399, custom_attributes.plan: pro } }',
        'updated: { c1: { phone: "+35398", name: Ada }, c2: { name: BOB } }',
      )
      .replace(
        'created: { new: { name: New, custom_attributes.tier: a } }',
        'created: { other: { name: New } }, archived: [acme]',
      ),
  )
  const { code, stdout } = await cli.tailrace(['test'])
  assert.equal(code, 1, stdout)
  const lines = new Set(stdout.split('\n').map((line) => line.trim()))
  for (const line of [
    'missing     updated c1: phone "+35398"',
    'missing     updated c1: name "Ada"',
    'missing     updated c2',
    'unexpected  updated c1: phone "+35399"',
    'unexpected  updated c1: custom_attributes.plan "pro"',
    'missing     created other',
    'unexpected  created new: name "New", custom_attributes.tier "a"',
    'missing     archived acme',
  ])
    assert.ok(lines.has(line), `${line}\n${stdout}`)
})

test('what a case cannot say is named with its place', async () => {
  await write(
    'tailrace.test.yaml',
    `cases:
  - { name: tags of a record, activation: customers, before: { contacts: { c1: [VIP] } }, rows: [], expect: { writes: [+VIP c1] } }
  - { name: not for cases, activation: links, rows: [], expect: { status: shelved } }
`,
  )
  const { code, stderr } = await cli.tailrace(['test'])
  assert.equal(code, 2)
  assert.match(stderr, /:2:\d+.*"customers" writes whole contacts: expect "records"/s)
  assert.match(
    stderr,
    /:3:\d+.*"links" writes contact_company, and cases support only contacts and companies, and tags/s,
  )
})

test('the example in the docs passes', async () => {
  const docs = await readFile(new URL('../../../docs/testing-your-activations.md', import.meta.url), 'utf8')
  const example =
    /```yaml\n(# a case of whole records[\s\S]*?)```/.exec(docs)?.[1] ?? assert.fail('the docs have no such example')
  await write('tailrace.test.yaml', example)
  const { code, stdout, stderr } = await cli.tailrace(['test'])
  assert.equal(code, 0, stdout + stderr)
})
