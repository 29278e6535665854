import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { attach } from '../behaviors/attach.ts'
import { deleteRecords } from '../behaviors/delete.ts'
import { detach } from '../behaviors/detach.ts'
import { insert } from '../behaviors/insert.ts'
import { mirror } from '../behaviors/mirror.ts'
import { upsert } from '../behaviors/upsert.ts'
import type { TargetObject, TargetSpec } from '../connect/target.ts'
import type { Warehouse } from '../connect/warehouse.ts'
import { Fault } from '../model/fault.ts'
import type { Connectors, TailraceConfig } from './config.ts'
import { activationKeys } from './activation-keys.ts'
import { ConfigFault, type ConfigProblem } from './problem-list.ts'
import { loadConfig } from './load-config.ts'
import { keysOf } from './schema-walk.ts'

const file = z.strictObject({
  path: z.string().min(1),
  threads: z.int().min(1).max(8).optional(),
  readOnly: z.boolean().default(true),
  url: z.string().meta({ secret: true }).optional(),
})

const account = z
  .strictObject({
    token: z.string().trim().min(1).meta({ secret: true }),
    region: z.enum(['us', 'eu']).default('us'),
    proxy: z
      .union([z.url(), z.strictObject({ host: z.string(), password: z.string().meta({ secret: true }) })])
      .optional(),
  })
  .superRefine(({ token }, context) => {
    if (token.startsWith('bad'))
      context.addIssue({ code: 'custom', message: `the token ${token} is worn out`, path: ['token'] })
  })

const column = z.strictObject({ column: z.string().min(1), delimiter: z.string().min(1).optional() })
const tagSettings = z.strictObject({
  tags: z.union([z.array(z.string().min(1)), column]),
  createTag: z.boolean().default(false),
})
const tagObject = (id: string, identifiers: readonly string[], settings: z.ZodType) =>
  ({
    id,
    label: id,
    noun: { one: 'record', many: 'records' },
    settings,
    operations: ['attach', 'detach'],
    group: { setting: 'tags', noun: { one: 'tag', many: 'tags' }, createSetting: 'createTag' },
    identifiers: identifiers.map((field) => ({ field, label: field, accepts: ['text'] })),
  }) as unknown as TargetObject
const recordObject = {
  id: 'contact',
  label: 'Contact',
  noun: { one: 'contact', many: 'contacts' },
  settings: z.strictObject({}),
  operations: ['create', 'update', 'upsert', 'delete', 'archive'],
  identifiers: [{ field: 'external_id' }, { field: 'email', manyMatch: true }],
} as unknown as TargetObject

// Connectors without any connection: config is only checked against them.
const warehouse = { contract: 2, id: 'filebase', name: 'Filebase', config: file } as unknown as Warehouse
const target = {
  contract: 2,
  id: 'helpdesk',
  name: 'Helpdesk',
  config: account,
  objects: [
    tagObject('contact_tag', ['id', 'email'], tagSettings),
    tagObject('company_tag', ['id', 'company_id'], tagSettings),
    tagObject('ticket_tag', ['id'], tagSettings.extend({ admin: z.string().optional() })),
    recordObject,
  ],
  customObjects: {
    object: (id: string) => (id.endsWith('__c') ? tagObject(id, ['id'], tagSettings) : undefined),
  },
} as unknown as TargetSpec

const connectors: Connectors = {
  warehouse: async (type) => (type === 'filebase' ? warehouse : undefined),
  warehouseTypes: ['filebase'],
  target: async (type) => (type === 'helpdesk' ? target : undefined),
  targetTypes: ['helpdesk'],
  behaviors: new Map(
    [attach, deleteRecords, detach, insert, mirror, upsert].map((behavior) => [behavior.id, behavior]),
  ),
}

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tailrace-config-'))
})
after(async () => {
  await rm(dir, { recursive: true, force: true })
})

async function load(text: string, env: Record<string, string> = {}): Promise<TailraceConfig> {
  const path = join(dir, 'tailrace.yaml')
  await writeFile(path, text)
  return await loadConfig({ file: path, env, connectors })
}

async function problemsOf(text: string, env: Record<string, string> = {}): Promise<readonly ConfigProblem[]> {
  try {
    await load(text, env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigFault, String(error))
    assert.deepEqual([error.kind, error.code], ['usage', 'config-invalid'])
    return error.problems
  }
}

async function lines(text: string, env: Record<string, string> = {}): Promise<string[]> {
  return (await problemsOf(text, env)).map((each) => `${each.line}:${each.column} ${each.path}: ${each.message}`)
}

const valid = `warehouses:
  shop: { type: filebase, path: ./shop.db, threads: \${THREADS}, readOnly: \${READ_ONLY:-false} }
targets:
  support:
    type: helpdesk
    token: \${TOKEN}
    proxy: { host: "p-\${TOKEN}", password: "$\${kept} pw" }
activations:
  premium customers:
    warehouse: shop
    query: |
      select id
      from customers
    target: support
    object: contact_tag
    behavior: attach
    tags: [Premium]
    identifier:
      field: email
      column: mail
    limits:
      adds: 200
      removes: off
`
const env = { THREADS: '4', TOKEN: ' tok-secret-1 ' }

test('a valid file becomes typed config with defaults, numbers from the environment, and its secrets apart', async () => {
  const config = await load(valid, env)
  assert.equal(config.dir, dir)
  assert.deepEqual(config.warehouses.get('shop'), {
    name: 'shop',
    type: 'filebase',
    config: { path: './shop.db', threads: 4, readOnly: false },
    position: { line: 2, column: 3 },
    secrets: [],
  })
  const support = config.targets.get('support')
  assert.deepEqual(support?.config, {
    token: 'tok-secret-1',
    region: 'us',
    proxy: { host: 'p- tok-secret-1 ', password: '${kept} pw' },
  })
  assert.deepEqual(support?.secrets, [' tok-secret-1 ', 'tok-secret-1', '${kept} pw'])
  assert.deepEqual(config.activations.get('premium customers'), {
    name: 'premium customers',
    warehouse: 'shop',
    query: 'select id\nfrom customers\n',
    queryPosition: { line: 12, column: 7 },
    target: 'support',
    object: 'contact_tag',
    behavior: 'attach',
    identifier: { field: 'email', column: 'mail' },
    fallbacks: [],
    mapping: undefined,
    matches: 'one',
    changedRows: 'mark',
    duplicates: 'refuse',
    adopts: undefined,
    settings: { tags: ['Premium'], createTag: false },
    schedule: null,
    limits: {
      adds: { count: 200 },
      updates: { share: 0.5 },
      removes: 'off',
      invalid: { share: 0.05 },
      failures: { share: 0.1 },
      shrunk: { share: 0.5 },
      population: 'off',
    },
    verify: 'none',
    ownership: 'respect',
    drift: 'report',
    bookkeeping: 'store',
    timeLimitMs: 21_600_000,
    position: { line: 9, column: 3 },
  })
})

test('an unknown key anywhere is found at its line and column', async () => {
  // Line of `valid` after which the key is inserted, its indentation, and the expected path.
  const place = fc.constantFrom<[number, number, string][]>(
    [0, 0, ''],
    [23, 0, ''],
    [4, 4, 'targets.support'],
    [6, 4, 'targets.support'],
    [9, 4, 'activations.premium customers'],
    [17, 4, 'activations.premium customers'],
    [18, 6, 'activations.premium customers.identifier'],
    [22, 6, 'activations.premium customers.limits'],
  )
  const known = new Set([
    ...Object.keys({ ...file.shape, ...account.shape, ...tagSettings.shape }),
    ...keysOf(activationKeys),
    'type',
    'warehouses',
    'targets',
    'activations',
    'field',
    'column',
    'adds',
    'updates',
    'removes',
    'invalid',
    'failures',
    'shrunk',
    'population',
  ])
  const key = fc.stringMatching(/^[a-z][a-zA-Z_]{1,14}$/).filter((each) => !known.has(each))
  const value = fc.constantFrom('1', 'true', 'text', '[a, b]', '{ a: 1 }', '"${TOKEN}"', '')
  await fc.assert(
    fc.asyncProperty(place, key, value, fc.boolean(), async ([below, indent, path], unknown, written, crlf) => {
      const text = valid
        .split('\n')
        .toSpliced(below, 0, `${' '.repeat(indent)}${unknown}: ${written}`)
        .join(crlf ? '\r\n' : '\n')
      const found = await problemsOf(text, env)
      assert.equal(found.length, 1, JSON.stringify(found))
      const [problem] = found
      assert.deepEqual(
        [problem?.line, problem?.column, problem?.path],
        [below + 1, indent + 1, path === '' ? unknown : `${path}.${unknown}`],
      )
      assert.match(problem?.message ?? '', new RegExp(`^unknown key "${unknown}"; (did|valid)`))
    }),
    { numRuns: 150 },
  )
})

test('every problem is reported at once, in the order of the file, with the nearest valid name', async () => {
  const found = await lines(
    `warehouses:
  shop: { type: filbase, path: x }
  two: { type: filebase, pth: x, threads: \${MANY} }
targets:
  support: { type: helpdesk, token: "\${NOT_THERE}", region: \${REGION} }
activations:
  one:
    warehouse: shp
    query: select \${ALSO_NOT} from x
    target: support
    object: company_tag
    behavior: attach
    tags: [a, 7]
    identifier: { field: external_id, column: c }
    verify: some
    limits: { removes: 120%, add: 1 }
    cron: "61 * * * *"
    timezone: Europe/Berln
    timeLimit: 90
`,
    { MANY: 'many', REGION: 'mars' },
  )
  assert.deepEqual(found, [
    '2:17 warehouses.shop.type: no warehouse type "filbase"; did you mean "filebase"? valid types: filebase',
    '3:3 warehouses.two.path: is required',
    '3:26 warehouses.two.pth: unknown key "pth"; did you mean "path"? valid keys: path, threads, readOnly, url',
    '3:43 warehouses.two.threads: expected a number, not the text from ${MANY}',
    '5:38 targets.support.token: the environment variable NOT_THERE is not set; set it, or write "${NOT_THERE:-default}"',
    '5:61 targets.support.region: the text from ${REGION} is not valid here; valid: us, eu',
    '8:16 activations.one.warehouse: no warehouse "shp"; did you mean "shop"? warehouses here: shop, two',
    '9:19 activations.one.query: the environment variable ALSO_NOT is not set; set it, or write "${ALSO_NOT:-default}"',
    '13:15 activations.one.tags[1]: expected text, not the number 7; put quotes around it',
    '14:26 activations.one.identifier.field: no identifier of company_tag "external_id"; did you mean "company_id"? its identifiers: company_id, id',
    '15:13 activations.one.verify: the text "some" is not valid here; did you mean "none"? valid: none, sample, full',
    '16:24 activations.one.limits.removes: not a limit; write off, a whole number of records (200), or a share from 0% to 100% (50%)',
    '16:30 activations.one.limits.add: unknown key "add"; did you mean "adds"? valid keys: adds, updates, removes, invalid, failures, shrunk, population',
    '17:11 activations.one.cron: not a cron pattern: Invalid value for minute: 61; write minute, hour, day of month, month and day of week, for example "0 6 * * *"',
    '18:15 activations.one.timezone: unknown time zone; did you mean "Europe/Berlin"?',
    '19:16 activations.one.timeLimit: not a duration; write it like 90s, 15m, 6h or 1d',
  ])
})

const activation = (rest: string) => `warehouses: { shop: { type: filebase, path: x } }
targets: { support: { type: helpdesk, token: t } }
activations:
  a:
    { warehouse: shop, query: select 1, target: support, ${rest} }
`

test('behavior, object, members and identifier must fit together', async () => {
  const cases: [string, string | undefined][] = [
    ['object: contact_tag, behavior: detach, tags: [x, y, z], identifier: { field: id, column: c }', undefined],
    ['object: ticket_tag, behavior: attach, tags: [x], admin: me, identifier: { column: c }', undefined],
    [
      'object: contact_tag, behavior: attach, tags: [x, y], identifier: { field: id, column: c }',
      '5:103 activations.a.tags: attach takes exactly one tag; the list has 2: create two activations',
    ],
    ...['attach', 'detach', 'mirror'].map((behavior): [string, undefined] => [
      `object: contact_tag, behavior: ${behavior}, tags: { column: segment, delimiter: "|" }, identifier: { field: id, column: c }`,
      undefined,
    ]),
    [
      'object: contact_tag, behavior: mirror, createTag: true, tags: { column: segment }, identifier: { field: id, column: c }',
      undefined,
    ],
    [
      'object: contact_tag, behavior: detach, createTag: true, tags: { column: segment }, identifier: { field: id, column: c }',
      '5:108 activations.a.createTag: detach never creates a tag; remove this line',
    ],
    [
      'object: contact_tag, behavior: mirror, tags: [x, y], identifier: { field: id, column: c }',
      '5:103 activations.a.tags: mirror takes exactly one tag; the list has 2: create two activations',
    ],
    [
      'object: contact_tag, behavior: detach, tags: [], identifier: { field: id, column: c }',
      '5:103 activations.a.tags: detach takes at least one tag; the list has none: add one',
    ],
    [
      'object: contact_tag, behavior: detach, createTag: true, tags: [x], identifier: { field: id, column: c }',
      '5:108 activations.a.createTag: detach never creates a tag; remove this line',
    ],
    [
      'object: contact_tag, behavior: upsert, tags: [x], identifier: { field: id, column: c }',
      '5:89 activations.a.behavior: upsert cannot be used with contact_tag; possible: attach, detach, mirror',
    ],
    [
      'object: contact_tag, behavior: attach, tags: [x], identifier: { column: c }',
      '5:108 activations.a.identifier.field: is required, because contact_tag has several identifiers: id, email',
    ],
    [
      'object: contact_tag, behavior: attach, tags: [x], admin: me, identifier: { field: id, column: c }',
      '5:108 activations.a.admin: unknown key "admin"',
    ],
    [
      'object: contact_tag, behavior: attach, tags: [x], identifier: { field: id, column: c }, schedule: every 1h, timezone: UTC',
      '5:166 activations.a.timezone: "timezone" cannot be combined with "schedule"',
    ],
  ]
  for (const [rest, expected] of cases) {
    const found = await lines(activation(rest))
    if (expected === undefined) assert.deepEqual(found, [], rest)
    else assert.ok(found.length === 1 && found[0]?.startsWith(expected), `${rest}\n${found.join('\n')}`)
  }
  const whole = await load(
    activation('object: ticket_tag, behavior: attach, tags: [x], identifier: { column: c }, cron: "0 6 * * *"'),
  )
  assert.deepEqual(whole.activations.get('a')?.identifier, { field: 'id', column: 'c' })
  assert.deepEqual(whole.activations.get('a')?.schedule, { cron: '0 6 * * *', timezone: 'UTC' })
})

const record = (rest: string) => activation(`object: contact, identifier: { field: external_id, column: c }, ${rest}`)

test('what goes to which Field is read as it is written', async () => {
  const config = await load(
    activation(`object: contact, behavior: upsert, matches: all, adopts: old one,
      identifier: [{ field: external_id, column: c }, { field: email, column: mail }], autoMap: true, limits: { updates: 10% }, mapping: {
      name: full_name,
      custom_attributes.plan: { constant: "007", onNull: clear },
      seats: { column: n, as: decimal, clean: round },
      greeting: { template: "Dear {{ first name }}", clean: [trim, upper], onlyIfEmpty: true },
      note: { constant: null, onNull: clear } }`),
  )
  const read = config.activations.get('a')
  const plain = { clean: [], onNull: 'skip', onlyIfEmpty: false }
  assert.deepEqual(
    [read?.identifier, read?.fallbacks],
    [{ field: 'external_id', column: 'c' }, [{ field: 'email', column: 'mail' }]],
  )
  assert.deepEqual(
    [read?.matches, read?.changedRows, read?.adopts, read?.limits.updates],
    ['all', 'mark', 'old one', { share: 0.1 }],
  )
  assert.deepEqual(read?.mapping, {
    autoMap: true,
    fields: [
      { ...plain, field: 'name', from: { column: 'full_name' } },
      { ...plain, field: 'custom_attributes.plan', from: { constant: '007' }, onNull: 'clear' },
      { ...plain, field: 'seats', from: { column: 'n' }, as: 'decimal', clean: ['round'] },
      {
        field: 'greeting',
        from: { template: 'Dear {{ first name }}' },
        clean: ['trim', 'upper'],
        onNull: 'skip',
        onlyIfEmpty: true,
      },
      { ...plain, field: 'note', from: { constant: null }, onNull: 'clear' },
    ],
  })
})

test('what is wrong with the keys for whole records is said at its place', async () => {
  const cases: [string, string][] = [
    [record('behavior: upsert, mapping: { name: 7 }'), '.mapping.name: expected text'],
    [
      record('behavior: upsert, mapping: { name: { column: a, constant: b } }'),
      '.mapping.name: takes exactly one of column, constant and template; column and constant are set',
    ],
    [
      record('behavior: upsert, mapping: { name: { clean: trim } }'),
      '.mapping.name: takes exactly one of column, constant and template; none is set',
    ],
    [
      record('behavior: upsert, mapping: { name: { column: a, onNul: clear } }'),
      '.mapping.name.onNul: unknown key "onNul"; did you mean "onNull"?',
    ],
    [
      record('behavior: upsert, mapping: { name: { column: a, clean: [trim, lowre] } }'),
      '.mapping.name.clean[1]: the text "lowre" is not valid here; did you mean "lower"?',
    ],
    [
      record('behavior: upsert, mapping: { name: { column: a, as: number } }'),
      '.mapping.name.as: the text "number" is not valid here; valid: text, integer',
    ],
    [
      record('behavior: upsert, mapping: { name: { template: "{{ a } b" } }'),
      '.mapping.name.template: has unbalanced braces',
    ],
    [
      record('behavior: upsert, mapping: { name: { template: "a b" } }'),
      '.mapping.name.template: names no column; use a constant instead',
    ],
    [
      record('behavior: upsert, mapping: { name: { constant: 007 } }'),
      '.mapping.name.constant: 007 is the number 7 in YAML; write that number, or put quotes around it',
    ],
    [record('behavior: upsert, mapping: { name: { constant: null } }'), '.mapping.name: a null constant has no effect'],
    [
      record('behavior: upsert, matches: all'),
      '.matches: external_id of a contact never matches several records; remove this line',
    ],
    [
      record('behavior: delete, matches: all'),
      '.matches: delete needs an identifier that matches only one record; remove this line',
    ],
    [
      record('behavior: delete, mapping: { name: n }'),
      '.mapping: delete uses only the identifier of a contact; remove this',
    ],
    [
      record('behavior: upsert, changedRows: ignore'),
      '.changedRows: is only for insert, which does not send changed rows; with upsert, remove this line',
    ],
    [record('behavior: insert, adopts: a'), '.adopts: an activation cannot adopt its own state'],
    [
      record('behavior: attach'),
      '.behavior: attach cannot be used with contact; possible: delete, insert, mirror, upsert',
    ],
    [
      activation(
        'object: contact_tag, behavior: attach, tags: [x], identifier: { field: id, column: c }, autoMap: true',
      ),
      '.autoMap: attach uses only the identifier of a contact_tag; remove this',
    ],
    [
      activation(
        'object: contact, behavior: upsert, identifier: [{ field: email, column: c }, { field: email, column: d }]',
      ),
      '.identifier[1].field: "email" is in this list twice; name each identifier once',
    ],
    [
      activation(
        'object: contact, behavior: upsert, identifier: [{ field: email, column: c }, { field: mail, column: d }]',
      ),
      '.identifier[1].field: no identifier of contact "mail"; did you mean "email"?',
    ],
    [
      activation('object: contact, behavior: upsert, identifier: [{ field: email, column: c }, { column: d }]'),
      '.identifier[1].field: is required, because contact has several identifiers: external_id, email',
    ],
    [activation('object: contact, behavior: upsert, identifier: []'), '.identifier: must list at least one'],
    [
      activation('object: contact, behavior: upsert, identifier: email'),
      '.identifier: write it as { field: <target field>, column: <query column> }',
    ],
  ]
  for (const [text, expected] of cases) {
    const found = await lines(text)
    assert.ok(found.length === 1 && found[0]?.includes(` activations.a${expected}`), `${text}\n${found.join('\n')}`)
  }
  assert.deepEqual(await lines(record('behavior: insert, changedRows: ignore, mapping: { name: n }')), [])
})

test('no message shows a secret, nor a value from the environment', async () => {
  const secret = 'canary-8f3a'
  const spoilt = [
    `targets: { s: { type: helpdesk, token: bad-${secret} } }`,
    'targets: { s: { type: helpdesk, token: "bad-${CANARY}" } }',
    'targets: { s: { type: "${CANARY}", token: x } }',
    `targets: { s: { type: helpdesk, token:${secret} } }`,
    `targets: { s: ${secret} }`,
    `targets: { s: { type: helpdesk, tokn: ${secret} } }`,
    `targets: { s: { type: helpdesk, token: x, proxy: { host: h, pasword: "${secret}" } } }`,
    `targets: { s: { type: helpdesk, token: { a: ${secret} } } }`,
    'targets: { s: { type: helpdesk, token: x, region: "${CANARY}", proxy: "${CANARY}" } }',
    `targets: { s: { type: helpdesk, token: x } "${secret}"`,
    activation(
      'object: ${CANARY}, behavior: ${CANARY}, tags: ${CANARY}, identifier: ${CANARY}, timeLimit: ${CANARY}, limits: { adds: ${CANARY} }',
    ),
    activation('object: ${CANARY}, warehouse: ${CANARY}, behavior: attach, schedule: ${CANARY}, verify: ${CANARY}'),
    activation(
      'object: contact_tag, behavior: attach, tags: [x], identifier: { field: ${CANARY}, column: c }, cron: ${CANARY}, timezone: ${CANARY}',
    ),
  ]
  for (const text of spoilt) {
    const found = await lines(text, { CANARY: secret })
    assert.ok(found.length > 0, text)
    assert.ok(!found.join('\n').includes(secret), found.join('\n'))
  }
})

test('a file that is not there, not YAML or not a config says so', async () => {
  await assert.rejects(
    loadConfig({ file: join(dir, 'none.yaml'), env: {}, connectors }),
    (error: unknown) =>
      Fault.is(error) &&
      error.kind === 'usage' &&
      error.code === 'config-not-found' &&
      /tailrace init/.test(error.advice ?? ''),
  )
  await assert.rejects(loadConfig({ file: dir, env: {}, connectors }), { code: 'config-unreadable' })
  assert.deepEqual(await lines(''), ['1:1 : the file is empty; "tailrace init" writes a file to start from'])
  assert.deepEqual(await lines('- a\n'), ['1:1 : expected the keys warehouses, targets and activations'])
  assert.deepEqual(await lines('targets:\n\ta: 1\n'), ['2:1 : the indentation contains a tab; YAML allows only spaces'])
  assert.deepEqual(await lines('targets:\ntargets:\n'), [
    '2:1 targets: the key "targets" is written twice in this mapping; keep one',
  ])
  assert.match(
    (await lines('warehouses:\n  query: select a: b\n'))[0] ?? '',
    /^2:10 : not valid YAML: this value contains ": "/,
  )
  assert.deepEqual(await lines('warehouses:\ntargets:\nactivations:\n'), [])
})

test('bookkeeping in the warehouse is rejected at its place, until it exists', async () => {
  const withBookkeeping = (value: string) =>
    valid.replace('    behavior: attach\n', `    behavior: attach\n    bookkeeping: ${value}\n`)
  const words = 'bookkeeping in the warehouse does not exist yet; write "store", or remove the line'
  assert.deepEqual(await lines(withBookkeeping('warehouse'), env), [
    `17:18 activations.premium customers.bookkeeping: ${words}`,
  ])
  assert.deepEqual(await lines(withBookkeeping('stor'), env), [
    '17:18 activations.premium customers.bookkeeping: the text "stor" is not valid here; did you mean "store"? valid: store',
  ])
  assert.equal((await load(withBookkeeping('store'), env)).activations.get('premium customers')?.bookkeeping, 'store')
})

test('a custom object is valid without the account, with its own keys; another name is not', async () => {
  const custom = (object: string, more = '') =>
    valid.replace('object: contact_tag', `object: ${object}${more}`).replace('field: email', 'field: id')
  const { activations } = await load(custom('Asset__c'), { TOKEN: 'abc', THREADS: '2' })
  assert.equal(activations.get('premium customers')?.object, 'Asset__c')
  assert.match((await lines(custom('Asset__c', '\n    admin: 1'), { TOKEN: 'abc', THREADS: '2' })).join(), /admin/)
  assert.match((await lines(custom('Asset'), { TOKEN: 'abc', THREADS: '2' })).join(), /no object of Helpdesk "Asset"/)
})
