import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 1500 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 1500, limit: 100_000, tags: ['Safely', 'At once'] })
const membersOf = (tag: string): string[] => cli.intercom.world.members(tag, 'contact').toSorted()

await cli.table('everyone', all)
await cli.config(
  [
    activation('safely', { table: 'everyone', tags: '[Safely]', delivery: 'single' }),
    activation('at-once', { table: 'everyone', tags: '[At once]', delivery: 'single' }),
  ].join(''),
)

test('Ctrl-C stops safely: what was sent is written down, nothing is unconfirmed, and the next Run completes it', async () => {
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 20 } })
  const running = cli.start(['run', 'safely', '--json'])
  await running.until(() => membersOf('Safely').length >= 20)
  running.child.kill('SIGINT')
  const stopped = await running.end
  cli.intercom.faults.clear()
  const { status, counts } = stopped.json()
  assert.deepEqual([stopped.code, status, counts.unconfirmed], [1, 'cancelled', 0], stopped.stderr)
  assert.match(stopped.stderr, /Stopping: finishing/)
  assert.equal(counts.delivered, membersOf('Safely').length)
  assert.equal(counts.delivered + counts.onHold, all.length)
  assert.ok(counts.onHold > 0)

  const next = await cli.tailrace(['run', 'safely', '--json'])
  assert.deepEqual([next.code, next.json().counts.delivered], [0, counts.onHold])
  assert.deepEqual(membersOf('Safely'), all)
})

test('Ctrl-C twice stops at once: what was in flight is unconfirmed, and the next Run settles it', async () => {
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', from: 31, effect: { type: 'slow', ms: 600_000 } })
  const running = cli.start(['run', 'at-once'])
  await running.until(() => membersOf('At once').length >= 30)
  running.child.kill('SIGTERM')
  await running.until(() => running.stderr().includes('Stopping: finishing'))
  // Two signals within 250 ms count as one, so repeat the signal until it has an effect.
  await running.until(() => running.child.kill('SIGINT') && running.stderr().includes('Stopping at once'))
  const stopped = await running.end
  cli.intercom.faults.clear()
  assert.equal(stopped.code, 1)
  assert.match(stopped.stdout, /cancelled.*\d+ unconfirmed/s)

  const next = await cli.tailrace(['run', 'at-once', '--json'])
  assert.equal(next.code, 0, next.stderr)
  assert.deepEqual(membersOf('At once'), all)
})

test('a time limit ends a Run safely', async () => {
  cli.intercom.reset({ tags: ['Safely', 'At once', 'Late'] })
  await cli.config(activation('late', { table: 'everyone', tags: '[Late]', delivery: 'single' }), 'late.yaml')
  cli.intercom.faults.add({ method: 'POST', effect: { type: 'slow', ms: 30 } })
  const limited = await cli.tailrace(['run', 'late', '--config', 'late.yaml', '--time-limit', '0.5s', '--json'])
  cli.intercom.faults.clear()
  assert.deepEqual(
    [limited.code, limited.json().status, limited.json().counts.unconfirmed],
    [1, 'deferred', 0],
    limited.stderr,
  )
  assert.equal(limited.json().counts.delivered, membersOf('Late').length)
})
