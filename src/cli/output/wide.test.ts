import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 3 })
const instance = await DuckDBInstance.create(join(cli.dir, 'shop.duckdb'))
const connection = await instance.connect()
await connection.run(`create table people as select 'ext-' || i as ext, 'somebody.' || i || '@example.com' as email, 'Somebody With Number ' || i as full_name,
  '+491234567' || i as phone, 'premium-annual' as plan, 'Ulm an der Donau' as city, 'Germany' as country, 'Example Limited' as firm, i as seats from range(1, 4) t(i)`)
connection.closeSync()
instance.closeSync()
await cli.config(
  activation('people-of-the-shop', {
    table: '',
    tags: '',
    query: 'select * from people',
    object: 'contact',
    behavior: 'upsert',
    identifier: '{ field: external_id, column: ext }',
    createFields: 'true',
    mapping:
      '{ phone: phone, custom_attributes.tier: plan, custom_attributes.seats: seats, custom_attributes.city: city, custom_attributes.country: country, custom_attributes.firm: firm, name: full_name, email: email }',
  }).replace(/ {4}tags: \n/, ''),
)
const narrow = { COLUMNS: '80' }

test('at 80 columns a contact with eight fields is readable: who it is first, every value there, no line wider', async () => {
  const plan = await cli.tailrace(['plan', 'people-of-the-shop'], narrow)
  assert.equal(plan.code, 0, plan.stderr)
  const list = plan.stdout.slice(0, plan.stdout.indexOf('\n\n'))
  assert.match(list, /^\+ ext-1\n +email "somebody\.1@example\.com", name "Somebody With Number 1",/)
  for (const value of ['"+4912345671"', '"premium-annual"', '"Ulm an der Donau"', '"Germany"', '"Example Limited"'])
    assert.ok(list.replaceAll(/\s+/g, ' ').includes(value), value)
  assert.ok(
    list.split('\n').every((line) => line.length <= 80),
    list,
  )
  // Output that is not a terminal, and so has no known width, has the same width.
  assert.equal((await cli.tailrace(['plan', 'people-of-the-shop'])).stdout, plan.stdout)

  assert.equal((await cli.tailrace(['run', 'people-of-the-shop'])).code, 0)
  for (const args of [
    ['runs'],
    ['show', (await newestRun()).toString()],
    ['show', (await newestRun()).toString(), '--records', 'all'],
    ['why', 'people-of-the-shop', 'ext-2'],
    ['fields', 'people-of-the-shop'],
  ]) {
    const { stdout, code } = await cli.tailrace(args, narrow)
    assert.equal(code, 0)
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
      args.join(' '),
    )
  }
})

test('times carry their zone, in whatever zone the reader lives', async () => {
  // A process reads its time zone only once, so each zone needs its own process.
  assert.match((await cli.start(['runs'], { TZ: 'UTC' }).end).stdout, /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
  for (const [zone, offset] of [
    ['Asia/Kolkata', '+05:30'],
    ['America/St_Johns', '-0[23]:30'],
  ] as const) {
    for (const args of [['runs'], ['show', (await newestRun()).toString()], ['why', 'people-of-the-shop', 'ext-1']]) {
      assert.match(
        (await cli.start(args, { TZ: zone }).end).stdout,
        new RegExp(`\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${offset.replace('+', '\\+')}`),
        `${zone} ${args.join(' ')}`,
      )
    }
  }
})

async function newestRun(): Promise<number> {
  return ((await cli.tailrace(['runs', '--json'])).json().runs as { run: number }[])[0]?.run ?? 0
}
