import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 10, tags: ['Vip'] })
const odd = 'a,"b"\nc'

await cli.table('vips', [contactId(1), contactId(2), 'gone', odd, null])
await cli.config(activation('vips', { table: 'vips', tags: '[Vip]' }))
const first = (await cli.tailrace(['run', 'vips', '--json'])).json().run as number
await cli.table('vips', [contactId(1), contactId(2)])
const second = (await cli.tailrace(['run', 'vips', '--json'])).json().run as number

test('runs lists them newest first, page by page', async () => {
  const all = (await cli.tailrace(['runs', '--json'])).json()
  assert.deepEqual(
    all.runs.map(({ run, status }: { run: number; status: string }) => [run, status]),
    [
      [second, 'shelved'],
      [first, 'completed with failures'],
    ],
  )
  assert.equal(all.next, null)
  const page = await cli.tailrace(['runs', 'vips', '--limit', '1'])
  assert.match(page.stdout, new RegExp(`^run +activation.*\\n +${second} +vips .*shelved`))
  assert.match(page.stdout, new RegExp(`tailrace runs vips --before ${second}`))
  assert.deepEqual((await cli.tailrace(['runs', '--before', String(second), '--json'])).json().runs.length, 1)
})

test('runs looks back even where the config does not load', async () => {
  const { code, stdout } = await cli.tailrace(['runs'], { INTERCOM_TOKEN: '' })
  assert.equal(code, 0)
  assert.match(stdout, /shelved/)
})

test('show tells a Run, and lists its records as CSV that survives commas, quotes and line breaks', async () => {
  const shown = await cli.tailrace(['show', String(first)])
  assert.equal(shown.code, 0)
  assert.match(shown.stdout, /Not loaded: 2 .*\n +not-found: 2/)
  assert.match(shown.stdout, /Invalid rows.*: 1/)
  const csv = await cli.tailrace(['show', String(first), '--records', 'all', '--format', 'csv'])
  const [head, ...rows] = csv.stdout.split(/\n(?=6762|"a|gone)/)
  assert.equal(
    head,
    'record,operation,reason,outcome,code,message,field,http_status,request_id,target_id,at,group,before,after',
  )
  assert.equal(rows.length, 4)
  assert.ok(
    rows.some((row) => row.startsWith('"a,""b""\nc",attach,new,not loaded,not-found,')),
    csv.stdout,
  )
  const failed = await cli.tailrace(['show', String(first), '--records', 'failed', '--json'])
  assert.deepEqual(
    failed
      .json()
      .records.map(({ record }: { record: string }) => record)
      .toSorted(),
    [odd, 'gone'].toSorted(),
  )
  const invalid = await cli.tailrace(['show', String(first), '--records', 'invalid'])
  assert.match(invalid.stdout, /5 .*null-identifier/)
  const none = await cli.tailrace(['show', '999', '--json'])
  assert.deepEqual([none.code, none.json().error.code], [2, 'run-not-found'])
})

test("why tells a record's whole story, and what comes next", async () => {
  const delivered = await cli.tailrace(['why', 'vips', contactId(1)])
  assert.match(
    delivered.stdout,
    new RegExp(
      `Run ${first} +attach "Vip" +delivered .*request em.*\n.*Now: +The tag "Vip" is attached, since Run ${first}\\.\n +The tag "Vip" is managed.*\nNext: Nothing to do`,
      's',
    ),
  )
  const gone = await cli.tailrace(['why', 'vips', 'gone'])
  assert.match(
    gone.stdout,
    /not loaded +\[not-found\].*no longer asks for it.*\nNext: Nothing, unless the query asks for it again/s,
  )
  assert.equal((await cli.tailrace(['why', 'vips', 'GONE', '--json'])).json().next, 'unknown')
  const unknown = await cli.tailrace(['why', 'vipz', 'gone'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /Did you mean "vips"/)
})

test('why tells as well what was asked and answered where a record failed', async () => {
  const { stdout } = await cli.tailrace(['why', 'vips', 'gone', '--exchanges'])
  assert.match(
    stdout,
    new RegExp(
      `Next: .*\n\n\\d.* Run ${first}  request em.*\n  POST /contacts/gone/tags\n    \\{\n      "id": "\\d+"\n    \\}\n  Answered 404\n    \\{\n.*User Not Found`,
      's',
    ),
  )
  assert.doesNotMatch((await cli.tailrace(['why', 'vips', 'gone'])).stdout, /Answered 404/)
  assert.match(
    (await cli.tailrace(['why', 'vips', contactId(1), '--exchanges'])).stdout,
    /No request and answer is kept: a Run keeps only those of the first 5 records/,
  )
  const [kept] = (await cli.tailrace(['why', 'vips', 'gone', '--json'])).json().exchanges
  assert.deepEqual([kept.runId, kept.method, kept.key], [first, 'POST', 'gone'])
})
