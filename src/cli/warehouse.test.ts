import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { emulators } from '../targets/emulators.gen.ts'
import { silentProxy } from '../testing/failures/tcp-proxies.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { tryCli } from '../testing/harness/try-cli.ts'
import { eventually } from '../testing/warehouse-kit/warehouse-under-test.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({
  contacts: 400,
  tags: ['VIP', 'Listed', 'VIP duckdb', 'Gold duckdb', 'VIP postgres', 'Gold postgres'],
})
const database = await testDatabase()
const url = new URL(database.url)
await database.pool.query('create table public.customers as select g as id from generate_series(1, 1000) g')
after(() => database.close())
const membersOf = (tag: string): string[] => cli.intercom.world.members(tag, 'contact').toSorted()
const tagNames = (): string[] =>
  cli.intercom.world
    .summary()
    .tags.map(({ name }) => name)
    .toSorted()

async function write(file: string, warehouse: string, query: string, more: readonly string[]): Promise<void> {
  await writeFile(
    join(cli.dir, file),
    [
      'warehouses:',
      `  w: ${warehouse}`,
      'targets:',
      `  support: { type: intercom, token: "\${INTERCOM_TOKEN}", baseUrl: "${cli.intercom.url}" }`,
      'activations:',
      `  ${file.replace('.yaml', '')}:`,
      '    warehouse: w',
      `    query: ${JSON.stringify(query)}`,
      '    target: support',
      '    object: contact_tag',
      '    identifier: { field: id, column: id }',
      ...more.map((line) => `    ${line}`),
      '',
    ].join('\n'),
  )
}
const postgres = (port: string | number = url.port) =>
  `{ type: postgres, url: "postgres://${url.username}:${url.password}@${url.hostname}:${port}${url.pathname}?sslmode=disable" }`

for (const [name, warehouse, list, struct, more] of [
  [
    'duckdb',
    '{ type: duckdb }',
    `['Gold duckdb', null, 'VIP duckdb']`,
    `{'plan': 'gold'}`,
    [`['a' || chr(0)]::json`, `map {'plan': 'gold'}::json`],
  ],
  [
    'postgres',
    postgres(),
    `'[0:2]={Gold postgres,NULL,VIP postgres}'::text[]`,
    'row(1)',
    [`to_json(array[array['Gold']])`],
  ],
] as const) {
  test(`${name}: a cell that is no list of names makes its row invalid, never a tag, and takes nothing off`, async () => {
    const odd = [
      `'{"plan":"gold"}'::json`,
      `'[["Gold"]]'::json`,
      `to_json(${struct})`,
      String.raw`'["a\u0007b"]'::json`,
      `'true'::json`,
      ...more,
    ]
    // 300 valid rows, of which the last is JSON's null, and the invalid ones.
    const rows = [
      ...Array.from({ length: 298 }, (_, index) => `('${contactId(index + 1)}', '"VIP ${name}"'::json)`),
      `('${contactId(299)}', to_json(${list}))`,
      `('${contactId(300)}', 'null'::json)`,
      ...odd.map((cell, index) => `('${contactId(301 + index)}', ${cell})`),
    ]
    const run = async (values: readonly string[]) => {
      await write(`${name}.yaml`, warehouse, `select * from (values ${values.join(', ')}) t (id, tags)`, [
        'behavior: mirror',
        'createTag: true',
        'tags: { column: tags }',
      ])
      const { code, json, stderr } = await cli.tailrace([
        'run',
        name,
        '--config',
        `${name}.yaml`,
        '--json',
        '--allow',
        'adds,removes',
      ])
      return { code, stderr, ...json() }
    }
    const before = tagNames()
    const { code, status, counts, run: number, stderr } = await run(rows)
    assert.equal(counts.read, rows.length, stderr)
    assert.deepEqual([code, status, counts.delivered], [1, 'completed with failures', 299])
    assert.deepEqual(
      membersOf(`VIP ${name}`),
      Array.from({ length: 299 }, (_, index) => contactId(index + 1)).toSorted(),
    )
    assert.deepEqual(membersOf(`Gold ${name}`), [contactId(299)])
    assert.deepEqual(tagNames(), before, 'no odd tag was made')
    const shown = await cli.tailrace(['show', String(number), '--config', `${name}.yaml`])
    assert.match(shown.stdout, /"tags" contains "\{"plan":"gold"\}", which is a structure, not a list of names/)

    // A contact whose row becomes invalid keeps its tag.
    const spoilt = rows.map((row) =>
      row.startsWith(`('${contactId(1)}'`) ? `('${contactId(1)}', '{"plan":"gold"}'::json)` : row,
    )
    assert.deepEqual((await run(spoilt)).counts.removed, 0)
    assert.ok(membersOf(`VIP ${name}`).includes(contactId(1)))
  })
}

test('a CSV id behind line 20,480 survives, or nothing is written', async () => {
  await writeFile(
    join(cli.dir, 'vip.csv'),
    `id,day\n${Array.from({ length: 21_000 }, (_, index) => `${index + 1000},2024-01-02`).join('\n')}\n${contactId(5)},2024-01-02\n00042,2024-01-02\n`,
  )
  const settings = ['behavior: attach', 'tags: [Listed]', 'limits: { failures: off }']
  await write('csv.yaml', '{ type: duckdb }', `select id from 'vip.csv' where day > date '2024-01-01'`, settings)
  for (const command of ['check', 'plan', 'run']) {
    const { code, stdout, stderr } = await cli.tailrace([
      command,
      ...(command === 'check' ? [] : ['csv']),
      '--config',
      'csv.yaml',
    ])
    assert.notEqual(code, 0, command)
    assert.match(stdout + stderr, /\[column-guessed\]/, command)
    // check tests each right by a request, so ignore these requests.
    if (command === 'check') cli.intercom.requests.clear()
  }
  assert.equal(cli.intercom.requests.counters().writes, 0)
  await write(
    'told.yaml',
    '{ type: duckdb }',
    `select id from read_csv('vip.csv', all_varchar = true) where id in ('00042', '${contactId(5)}')`,
    settings,
  )
  const reported = await cli.tailrace(['run', 'told', '--config', 'told.yaml', '--json'])
  assert.deepEqual(membersOf('Listed'), [contactId(5)], reported.stdout + reported.stderr)
})

test('the time zone of the warehouse decides what a query returns, and the plan says it', async () => {
  const query = `select '${contactId(7)}' as id where cast(cast('2024-07-01 23:30:00+00' as timestamptz) as date) = date '2024-07-02'`
  for (const [type, more] of [
    ['duckdb', ''],
    ['postgres', `, url: "${url.href}", ssl: disable`],
  ] as const) {
    for (const [timezone, count] of [
      ['UTC', 0],
      ['Europe/Berlin', 1],
    ] as const) {
      await write(
        'zone.yaml',
        `{ type: ${type}${more}${timezone === 'UTC' ? '' : `, timezone: ${timezone}`} }`,
        query,
        ['behavior: attach', 'tags: [VIP]'],
      )
      const plan = await cli.tailrace(['plan', 'zone', '--config', 'zone.yaml', '--json'])
      assert.deepEqual([plan.json().counts.read, plan.json().timezone], [count, timezone], `${type}: ${plan.stderr}`)
      assert.match(
        (await cli.tailrace(['plan', 'zone', '--config', 'zone.yaml'])).stdout,
        new RegExp(`time zone is ${timezone}`),
      )
    }
  }
  await write('zone.yaml', '{ type: duckdb, timezone: Europe/Nowhere }', query, ['behavior: attach', 'tags: [VIP]'])
  assert.equal((await cli.tailrace(['check', '--config', 'zone.yaml'])).code, 2)
})

const endless = `select count(*)::varchar as id from range(1000000) a, range(1000000) b where a.range + b.range = 7`
for (const [what, kind, query] of [
  ['an endless DuckDB query', 'duckdb', endless],
  ['a query that sleeps', 'postgres', `select pg_sleep(3600)::text as id`],
  ['a table that a rebuild has locked', 'locked', 'select id from public.customers'],
  ['a warehouse that has fallen silent', 'silent', 'select id from public.customers'],
] as const) {
  test(`${what}: the time limit ends the Run, and so does Ctrl-C`, { timeout: 300_000 }, async () => {
    const proxy = await silentProxy({ host: url.hostname, port: Number(url.port) }, kind === 'silent' ? 500 : Infinity)
    const rebuild = new pg.Client(database.url)
    await rebuild.connect()
    try {
      if (kind === 'locked') await rebuild.query('begin; lock table public.customers in access exclusive mode')
      await write('stuck.yaml', kind === 'duckdb' ? '{ type: duckdb }' : postgres(proxy.port), query, [
        'behavior: attach',
        'tags: [VIP]',
      ])
      const limited = await cli.tailrace(['run', 'stuck', '--config', 'stuck.yaml', '--time-limit', '2s', '--json'])
      assert.deepEqual(
        [limited.code, limited.json().status, limited.json().fault?.code],
        [1, 'deferred', 'time-limit'],
        limited.stderr + limited.stdout,
      )

      const running = cli.start(['run', 'stuck', '--config', 'stuck.yaml', '--json'])
      await running.until(() => /reading/i.test(running.stderr()))
      running.child.kill('SIGINT')
      const stopped = await running.end
      assert.deepEqual([stopped.code, stopped.json().status], [1, 'cancelled'], stopped.stderr + stopped.stdout)
      const busy = async () =>
        (
          await rebuild.query(
            `select 1 from pg_stat_activity where application_name = 'tailrace' and datname = current_database() and state = 'active'`,
          )
        ).rowCount !== 0
      if (kind !== 'silent') await eventually('the warehouse does nothing more for us', async () => !(await busy()))
    } finally {
      await rebuild.end()
      await proxy.close()
    }
  })
}
