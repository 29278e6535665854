import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 5, limit: 100_000, tags: ['Odd'] })
await cli.table('everyone', [contactId(1), contactId(2)])
await cli.config(activation('odd', { table: 'everyone', tags: '[Odd]', delivery: 'single' }))

const bodies: readonly (readonly [string, unknown, RegExp])[] = [
  ['nothing of it', {}, /GET \/me .*id: an id is expected/],
  ['a list', [], /GET \/me .*the body: /],
  ['null where the workspace is', { id: '1', app: null }, /GET \/me .*app: /],
  ['a number that no number can hold', { id: 1e300, app: { id_code: 'x' } }, /GET \/me .*id: an id is expected/],
]

for (const [name, body, words] of bodies) {
  test(`who the token belongs to is answered with ${name}: check and run say what is odd, and blame nobody of us`, async () => {
    const rule = cli.intercom.faults.add({ path: '/me', effect: { type: 'status', status: 200, body } })
    const checked = await cli.tailrace(['check'])
    const run = await cli.tailrace(['run', 'odd', '--json'])
    cli.intercom.faults.remove(rule.id)
    assert.match(checked.stdout, words)
    assert.match(checked.stdout, /\[odd-answer\]/)
    assert.equal(run.json().fault.code, 'odd-answer', run.stdout + run.stderr)
    assert.match(run.json().fault.message, words)
    assert.doesNotMatch(
      `${checked.stdout}${checked.stderr}${run.stdout}${run.stderr}`,
      /bug in Tailrace|TypeError|unexpected/i,
    )
  })
}

test('an answer that is far too large is in doubt where it was to a write, and never a success', async () => {
  const rule = cli.intercom.faults.add({
    method: 'POST',
    path: '/contacts/*/tags',
    effect: { type: 'status', status: 200, body: { id: 'x'.repeat(9 * 1024 * 1024) }, applied: true },
  })
  const run = await cli.tailrace(['run', 'odd', '--json', '--allow', 'failures'])
  cli.intercom.faults.remove(rule.id)
  assert.deepEqual([run.json().counts.delivered, run.json().counts.unconfirmed], [0, 2], run.stdout + run.stderr)
  const next = await cli.tailrace(['run', 'odd', '--json'])
  assert.equal(next.code, 0, next.stdout + next.stderr)
})
