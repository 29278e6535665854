import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 20, tags: ['Vip'] })
const vips = { table: 'vips', tags: '[Vip]' }
await cli.table('vips', [contactId(1), contactId(2)])
await cli.config(activation('vips', vips))

test('plans and undos that are only planned spend no Run numbers: the first Run is Run 1', async () => {
  assert.equal((await cli.tailrace(['plan', 'vips'])).code, 0)
  const first = await cli.tailrace(['run', 'vips', '--json'])
  assert.deepEqual([first.code, first.json().run, first.json().notices], [0, 1, []], first.stderr)
  assert.equal((await cli.tailrace(['undo', '1', '--plan-only'])).code, 0)
  const undone = await cli.tailrace(['undo', '1', '--yes', '--json'])
  assert.deepEqual([undone.code, undone.json().run, undone.json().undoes], [0, 2, 1], undone.stderr)
})

test('a Run says where the server has another config of its activation', async () => {
  assert.equal((await cli.tailrace(['apply', '-f', 'tailrace.yaml', '--yes'])).code, 0)
  const same = await cli.tailrace(['run', 'vips', '--json'])
  assert.deepEqual(same.json().notices, [])
  await cli.config(activation('vips', { ...vips, query: `select id from vips where id <> 'nobody'`, timeLimit: '2h' }))
  const other = await cli.tailrace(['run', 'vips', '--json'])
  const [reported] = other.json().notices
  assert.deepEqual([reported.code, reported.data.keys], ['config-differs', 'query, timeLimit'])
  assert.match(
    (await cli.tailrace(['plan', 'vips'])).stdout,
    /The config of "vips" that is saved in the server differs \(query, timeLimit\)/,
  )
})
