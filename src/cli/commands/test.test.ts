import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockActivation } from '../../store/runs/activation-lock.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 1 })
const write = (file: string, text: string): Promise<void> => writeFile(join(cli.dir, file), text)

// None of the variables for secrets and addresses is set.
await write(
  'tailrace.yaml',
  `warehouses:
  shop: { type: postgres, url: "\${WAREHOUSE_URL}" }
targets:
  support: { type: intercom, token: "\${TOKEN_NOT_SET}", region: "\${REGION_NOT_SET}" }
activations:
${activation('premium-customers', { table: '${SCHEMA_NOT_SET}.customers', tags: '[VIP]' })}
${activation('key-accounts', { table: 'companies', tags: '[Key Account]', createTag: 'true', object: 'company_tag', identifier: '{ field: company_id, column: company_id }' })}
${activation('settled', { table: 'conversations', tags: '[Open, Paid]', object: 'conversation_tag', behavior: 'detach' })}
`,
)

await write(
  'tailrace.test.yaml',
  `cases:
  - name: new ones get the tag
    activation: premium-customers
    before: { contacts: { c1: [VIP], c 2: , c3: [Other] } }
    rows: [{ id: c1 }, { id: c 2 }]
    expect: { status: completed, writes: [+vip c 2], after: { contacts: { c 2: [VIP], c3: [Other] } }, counts: { read: 2 } }
  - name: company ids keep their zeros
    activation: key-accounts
    before: { companies: { 007: , acme: { id: x9, tags: [Old] } } }
    rows: [{ company_id: 007 }, { company_id: acme }]
    expect: { writes: [+Key Account 007, +Key Account acme], after: { tags: [Key Account, Old] } }
    then:
      - { expect: { status: shelved, writes: [] } }
      - { name: one more, rows: [{ company_id: acme }, { company_id: 7 }], edits: [{ createTag: Odd }], expect: { writes: [], rejected: { 7: not-found } } }
  - name: two tags go
    activation: settled
    before: { conversations: { 100: [Open, Paid, Kept], talk: [Open] } }
    rows: [{ id: 100 }, { id: talk }]
    expect: { writes: [-Open 100, -Paid 100, -Open talk], after: { conversations: { 100: [Kept] } } }
  - name: invalid rows are named
    activation: premium-customers
    before: { tags: [VIP], contacts: { c1: } }
    rows: [{ id: null }, { id: ' ' }, { id: c1, plan: premium }]
    expect: { invalid: [blank-identifier, null-identifier], rejected: {}, writes: [+VIP c1] }
  - name: no tag
    activation: premium-customers
    rows: []
    expect: { fault: tag-not-found, status: failed }
`,
)

test('cases pass without credentials, beside what the project itself holds and runs', async (t) => {
  const database = await testDatabase(t)
  const schemas = async (): Promise<unknown> =>
    (await database.pool.query(`select nspname from pg_namespace where nspname !~ '^(pg_|information)' order by 1`))
      .rows
  await database.pool.query(
    `create schema tailrace_test_1_killed; insert into activation (name) values ('premium-customers')`,
  )
  const locks = await Promise.all([1, 2, 3, 4, 5].map((id) => lockActivation(database.pool, id, 'busy')))
  const { code, stdout, stderr, json } = await cli.tailrace(['test', '--json'], { DATABASE_URL: database.url })
  await Promise.all(locks.map((lock) => lock.release()))
  assert.equal(code, 0, stdout + stderr)
  assert.deepEqual([json().ok, json().passed, json().failed, json().files], [true, 5, 0, ['tailrace.test.yaml']])
  assert.deepEqual(json().cases.map(({ name, line }: { name: string; line: number }) => [name, line])[1], [
    'company ids keep their zeros',
    7,
  ])
  assert.deepEqual(
    await schemas(),
    [{ nspname: 'public' }, { nspname: 'tailrace' }],
    'its schema is gone, and so is that of a test killed long ago',
  )
  assert.deepEqual(
    (await database.pool.query('select name, (select count(*) from run) as runs from activation')).rows,
    [{ name: 'premium-customers', runs: '0' }],
  )
})

test('a case that fails shows what was expected and what came, and is exit code 1', async () => {
  await write(
    'failing.yaml',
    `cases:
  - name: "wrong <all over>"
    activation: premium-customers
    before: { tags: [VIP], contacts: { c1: [VIP], c2: , c3: } }
    rows: [{ id: c2 }, { id: gone }, { id: null }]
    expect: { status: shelved, writes: [+VIP c3], after: { contacts: { c1: [Other], c2: [] } }, counts: { read: 9 }, rejected: { gone: conflict }, invalid: [] }
  - name: fails in a later step, and without a word of its status
    activation: premium-customers
    before: { tags: [VIP], contacts: { c1: } }
    rows: [{ id: c1 }]
    expect: { writes: [+VIP c1] }
    then:
      - { name: tag is gone, edits: [{ deleteTag: VIP }], rows: [], expect: { writes: [] } }
      - { expect: { writes: [+VIP c1] } }
`,
  )
  const { code, stdout } = await cli.tailrace(['test', 'failing.yaml', '--junit', 'junit.xml'])
  assert.equal(code, 1)
  for (const line of [
    /✗ wrong <all over>.*\n +premium-customers, failing\.yaml:2:5\n +status: expected shelved, got completed with failures\n/,
    /writes:\n +missing +\+VIP c3\n +unexpected +\+VIP c2\n/,
    /after\.contacts\.c1:\n +missing +Other\n +unexpected +VIP\n +after\.contacts\.c2:\n +unexpected +VIP\n/,
    /counts\.read: expected 9, got 3\n/,
    /rejected:\n +missing +gone: conflict\n +unexpected +gone: not-found\n/,
    /invalid:\n +unexpected +null-identifier\n/,
    /in step "tag is gone":\n +status: expected completed or shelved, got failed\n.*\[tag-vanished\]/,
    /2 failed, 0 cases passed/,
  ])
    assert.match(stdout, line)
  assert.ok(!stdout.includes('then 2'), 'a case ends with the first step that fails')
  const xml = await readFile(join(cli.dir, 'junit.xml'), 'utf8')
  assert.match(xml, /<testsuites tests="2" failures="2"/)
  assert.match(
    xml,
    /<testcase name="wrong &lt;all over&gt;" classname="premium-customers" file="failing.yaml" line="2"/,
  )
  assert.match(xml, /<failure message="status, writes, .*">.*missing {5}\+VIP c3/s)
})

test('what is wrong in a file of cases is told with its place, all at once, and is exit code 2', async () => {
  await write(
    'shape.yaml',
    `cases:
  - name: a
    activation: premium-customers
    rows: [{ id: { x: 1 } }]
    expect: { status: complete, count: {} }
  - { name: b, activation: premium-customers, rows: [], expect: {}, before: { contact: {} } }
  - { name: c, activation: premium-customers, expect: { writes: [] } }
  - { name: d, activation: premium-customers, rows: [], expect: { writes: [] }, then: [{ rows: [], warehouse: run, expect: { writes: [] } }] }
`,
  )
  await write(
    'names.yaml',
    `cases:
  - { name: a, activation: premium-custmers, rows: [], expect: { writes: [] } }
  - name: a
    activation: key-accounts
    before: { companies: { acme: } }
    rows: []
    expect: { writes: [+VIP acne], after: { companies: { amce: [] } } }
    then: [{ edits: [{ deleteCompany: acmee }], expect: { writes: [] } }]
`,
  )
  const shape = await cli.tailrace(['test', 'shape.yaml'])
  assert.equal(shape.code, 2)
  for (const line of [
    /shape\.yaml:4:18 .*rows\[0\]\.id: expected text/,
    /shape\.yaml:5:23 .*"complete" is not valid here; did you mean "completed"/,
    /shape\.yaml:5:33 .*unknown key "count"; did you mean "counts"/,
    /shape\.yaml:6:65 .*expect: is empty/,
    /shape\.yaml:6:\d+ .*unknown key "contact"/,
    /shape\.yaml:7:5 .*set the rows/,
    /shape\.yaml:8:\d+ .*warehouse: .*not both/,
  ])
    assert.match(shape.stderr, line)
  const names = await cli.tailrace(['test', 'names.yaml'])
  assert.equal(names.code, 2)
  for (const line of [
    /names\.yaml:2:28 .*no activation "premium-custmers"; did you mean "premium-customers"/,
    /names\.yaml:3:11 .*two cases have the name "a"/,
    /names\.yaml:7:24 .*"\+VIP acne" does not end with the name of a record in "before": acme/,
    /names\.yaml:7:\d+ .*no "amce" among its companies; did you mean "acme"/,
    /names\.yaml:8:\d+ .*no "acmee"/,
  ])
    assert.match(names.stderr, line)
  for (const [args, code] of [
    [['test', '--only', 'nobody'], 'case-not-found'],
    [['test', 'no*.yml'], 'cases-not-found'],
    [['test', 'nothing.yaml'], 'cases-not-found'],
  ] as const) {
    const end = await cli.tailrace([...args, '--json'])
    assert.deepEqual([end.code, end.json().error.code], [2, code])
  }
})

test('warehouse: run asks the query itself; files are found by pattern, and --only chooses among their cases', async () => {
  await cli.table('vips', ['c1', 'c2'])
  await cli.config(activation('premium-customers', { table: 'vips', tags: '[VIP]' }), 'real.yaml')
  await write(
    'real.tailrace-test.yaml',
    `cases:
  - { name: the query, activation: premium-customers, warehouse: run, before: &two { tags: [VIP], contacts: { c1: , c2: } }, expect: { writes: [+VIP c1, +VIP c2] } }
  - { name: given, activation: premium-customers, rows: [], before: *two, expect: { writes: [+VIP c1] } }
`,
  )
  const found = await cli.tailrace(['test', '--config', 'real.yaml', '--json', '--only', 'QUERY'])
  assert.equal(found.code, 0, found.stdout + found.stderr)
  assert.deepEqual([found.json().files, found.json().passed], [['real.tailrace-test.yaml'], 1])
  const all = await cli.tailrace(['test', '--config', 'real.yaml', 'r*.yaml', '--json'])
  assert.equal(all.code, 2, 'real.yaml itself holds no cases')
  const named = await cli.tailrace(['test', '--config', 'real.yaml', '*-test.yaml', '--json'])
  assert.deepEqual([named.code, named.json().passed, named.json().failed], [1, 1, 1])
})
