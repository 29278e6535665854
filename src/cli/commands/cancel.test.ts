import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 1500 }, (_, index) => contactId(index + 1))
const cli = await tryCli({ contacts: 1500, limit: 100_000, tags: ['Safely'] })
const members = (): string[] => cli.intercom.world.members('Safely', 'contact').toSorted()

await cli.table('everyone', [...all, 'stranger'])
await cli.config(activation('safely', { table: 'everyone', tags: '[Safely]', delivery: 'single' }))

test("cancel stops another process's Run safely, waits for its end, and the next Run goes on", async () => {
  cli.intercom.faults.add({ method: 'POST', effect: { type: 'slow', ms: 200 } })
  const running = cli.start(['run', 'safely', '--json'])
  await running.until(() => members().length >= 20)
  const [{ run }] = (await cli.tailrace(['runs', '--json'])).json().runs
  const cancel = await cli.tailrace(['cancel', String(run), '--json'])
  cli.intercom.faults.clear()
  assert.deepEqual(
    [cancel.code, cancel.json()],
    [0, { run, activation: 'safely', status: 'cancelled', wasRunning: true }],
    cancel.stderr,
  )
  const stopped = await running.end
  const { status, counts } = stopped.json()
  assert.deepEqual(
    [stopped.code, status, counts.unconfirmed, counts.delivered],
    [1, 'cancelled', 0, members().length],
    stopped.stderr,
  )
  assert.ok(counts.onHold > 0)

  const late = await cli.tailrace(['cancel', String(run)])
  assert.equal(late.code, 0)
  assert.match(late.stdout, new RegExp(`Run ${run} is not running: it ended .*, cancelled`))
  assert.deepEqual([(await cli.tailrace(['run', 'safely', '--allow', 'adds'])).code, members()], [1, all])
})

test('a Run whose process was killed is not running, and cancel says so', async () => {
  cli.intercom.reset({ contacts: 1500, tags: ['Safely', 'Killed'] })
  await cli.config(activation('killed', { table: 'everyone', tags: '[Killed]', delivery: 'single' }), 'killed.yaml')
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 600_000 } })
  const running = cli.start(['run', 'killed', '--config', 'killed.yaml'])
  await running.until(() => running.stderr().includes('delivering'))
  running.child.kill('SIGKILL')
  await running.end
  const [{ run }] = (await cli.tailrace(['runs', 'killed', '--json'])).json().runs
  const cancel = await cli.tailrace(['cancel', String(run)])
  cli.intercom.faults.clear()
  assert.equal(cancel.code, 0)
  assert.match(cancel.stdout, /its process is gone/)
})

test('retry asks at once for what was refused before', async () => {
  cli.intercom.reset({ contacts: 10, tags: ['Again'] })
  await cli.config(activation('again', { table: 'again', tags: '[Again]' }), 'again.yaml')
  await cli.table('again', [contactId(1), 'stranger', 'another'])
  const tailrace = (...args: string[]) => cli.tailrace([...args, '--config', 'again.yaml', '--json'])
  // The second Run retries the rejected Records; the third does not, because they are not due.
  for (const rejected of [2, 2, 0]) assert.equal((await tailrace('run', 'again')).json().counts.rejected, rejected)
  const retried = (await tailrace('retry', 'again', '--records', 'not-found')).json()
  assert.deepEqual([retried.retried, retried.counts.rejected, retried.status], [2, 2, 'completed with failures'])
  assert.equal((await tailrace('retry', 'again', '--records', 'invalid-value')).json().retried, 0)
})
