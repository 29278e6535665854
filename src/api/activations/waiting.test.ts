import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 3, tags: ['Some'] })
await cli.table('part', ['a'])
await cli.config(activation('some', { table: 'part', tags: '[Some]', schedule: 'every 5h' }))
const server = cli.start(['up', '--port', '0', '--no-worker', '--json'])
await server.until(() => server.stdout().includes('"url"'))
const { url } = JSON.parse(server.stdout()) as { url: string }
// oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
const call = async (method: string, path: string, body?: object): Promise<any> => {
  const reply = await fetch(new URL(path, url), {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return await reply.json()
}

test('a Run that waits for a worker is told, and can be taken out of the queue', async () => {
  // The scheduled Run is due at once and waits as well.
  const mine = async () =>
    (await call('GET', '/api/activations/some/waiting')).items.filter(
      ({ scheduled }: { scheduled: boolean }) => !scheduled,
    )
  assert.deepEqual(await mine(), [])
  assert.deepEqual(await call('POST', '/api/activations/some/runs', {}), { queued: true, run: null })
  const [waits, ...others] = await mine()
  assert.deepEqual([waits.what, waits.undoes, others], ['run', null, []])
  assert.ok(Math.abs(Date.now() - Date.parse(waits.since)) < 60_000)

  assert.deepEqual(await call('DELETE', `/api/activations/some/waiting/${waits.job}`), { gone: false })
  assert.deepEqual(await mine(), [])
  assert.deepEqual(await call('DELETE', `/api/activations/some/waiting/${waits.job}`), { gone: true })
  assert.equal((await call('GET', '/api/activations/nobody/waiting')).code, 'activation-not-found')
  assert.equal((await call('DELETE', '/api/activations/some/waiting/1')).code, 'no-such-path')
})

test('the next Run is told as the queue has it', async () => {
  const later = new Date(Date.now() + 7_200_000)
  await cli.pool.query(`update tailrace_jobs.job set start_after = $1 where state < 'active' and data ? 'scheduled'`, [
    later,
  ])
  assert.equal((await call('GET', '/api/activations/some')).nextRunAt, later.toISOString())
  const {
    items: [listed],
  } = await call('GET', '/api/activations')
  assert.equal(listed.nextRunAt, later.toISOString())
  assert.deepEqual((await call('GET', '/api/activations/some/waiting')).items, [])
})
