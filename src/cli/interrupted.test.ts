import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 200 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 200, limit: 100_000, tags: ['Gone', 'Stuck', 'Few'] })
const membersOf = (tag: string): string[] => cli.intercom.world.members(tag, 'contact').toSorted()
await cli.table('everyone', all)
await cli.table('few_people', all.slice(0, 3))
await cli.config(
  ['Gone', 'Stuck', 'Few', 'Lost']
    .map((tag) =>
      activation(tag.toLowerCase(), {
        table: tag === 'Few' ? 'few_people' : 'everyone',
        tags: `[${tag}]`,
        delivery: 'single',
        ...(tag === 'Few' && { limits: '{ adds: 5 }' }),
      }),
    )
    .join(''),
)

/** Starts a Run in its own process, and waits until it delivers. */
async function beginRun(server: Awaited<ReturnType<typeof up>>, name: string, tag: string) {
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 1500 } })
  const running = cli.start(['run', name, '--json'])
  await running.until(() => membersOf(tag).length >= 20)
  const {
    items: [{ run, status }],
  } = await server.call('/api/runs?limit=1')
  assert.equal(status, 'delivering')
  return { running, run: run as number }
}

async function up() {
  const server = cli.start(['up', '--port', '0', '--json', '--no-worker'])
  await server.until(() => server.stdout().includes('"url"'))
  const { url } = JSON.parse(server.stdout()) as { url: string }
  return {
    // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
    async call(path: string, method: 'GET' | 'POST' = 'GET'): Promise<any> {
      const reply = await fetch(new URL(path, url), {
        method,
        ...(method === 'POST' && { body: '{}', headers: { 'content-type': 'application/json' } }),
      })
      const given = (await reply.json()) as unknown
      assert.ok(reply.ok, JSON.stringify(given))
      return given
    },
    async stop() {
      server.child.kill('SIGTERM')
      assert.equal((await server.end).code, 0)
    },
  }
}

test('a Run whose process is gone is interrupted at once, wherever one looks, and cancel settles it', async () => {
  const server = await up()
  const { running, run } = await beginRun(server, 'gone', 'Gone')
  running.child.kill('SIGKILL')
  await running.end
  const interrupted = async (): Promise<boolean> => (await server.call(`/api/runs/${run}`)).status === 'interrupted'
  while (!(await interrupted())) await delay(50)

  const shown = await cli.tailrace(['show', String(run)])
  assert.match(shown.stdout, new RegExp(`Run ${run} interrupted`))
  assert.match(shown.stdout, /its process is gone/)
  const json = (await cli.tailrace(['show', String(run), '--json'])).json()
  assert.deepEqual([json.status, json.finishedAt, json.fault.code], ['interrupted', null, 'interrupted'])
  const listed = (await server.call('/api/runs?status=interrupted')).items
  assert.deepEqual(
    listed.map((each: { run: number; status: string }) => [each.run, each.status]),
    [[run, 'interrupted']],
  )
  assert.deepEqual((await server.call('/api/runs?status=delivering')).items, [])
  const { status, fault } = await server.call(`/api/runs/${run}`)
  assert.deepEqual([status, fault.code], ['interrupted', 'interrupted'])
  assert.deepEqual((await server.call('/api/runs/' + run + '/plan')).state, 'planned')

  const cancelled = (await cli.tailrace(['cancel', String(run), '--json'])).json()
  assert.deepEqual(cancelled, { run, activation: 'gone', status: 'interrupted', wasRunning: false })
  const ended = await server.call(`/api/runs/${run}`)
  assert.deepEqual([ended.status, ended.fault.code, ended.finishedAt === null], ['interrupted', 'interrupted', false])
  assert.match((await cli.tailrace(['runs', 'gone'])).stdout, /interrupted/)

  cli.intercom.faults.clear()
  const next = (await cli.tailrace(['run', 'gone', '--json'])).json()
  assert.deepEqual([next.status, membersOf('Gone')], ['completed', all])
  await server.stop()
})

test('cancel over the API settles it as well', async () => {
  const server = await up()
  cli.intercom.reset({ contacts: 200, tags: ['Gone', 'Stuck', 'Few'], limit: 100_000 })
  const { running, run } = await beginRun(server, 'stuck', 'Stuck')
  running.child.kill('SIGKILL')
  await running.end
  const isGone = async (): Promise<boolean> => (await server.call(`/api/runs/${run}`)).status === 'interrupted'
  while (!(await isGone())) await delay(50)
  assert.deepEqual(await server.call(`/api/runs/${run}/cancel`, 'POST'), { asked: false })
  assert.notEqual((await server.call(`/api/runs/${run}`)).finishedAt, null)
  cli.intercom.faults.clear()
  await server.stop()
})

test('workers lists who works and on what; free takes an activation from a process that is stuck, which writes nothing more', async () => {
  const server = await up()
  cli.intercom.reset({ contacts: 200, tags: ['Gone', 'Stuck', 'Few'], limit: 100_000 })
  // The emulator was reset, so all Records must be sent.
  await cli.config(activation('again', { table: 'everyone', tags: '[Stuck]', delivery: 'single' }), 'again.yaml')
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 1500 } })
  const running = cli.start(['run', 'again', '--config', 'again.yaml', '--json'])
  await running.until(() => membersOf('Stuck').length >= 20)
  const [{ run }] = (await server.call('/api/runs?limit=1')).items
  running.child.kill('SIGSTOP')

  type Listed = {
    readonly name: string
    readonly kind: string
    readonly alive: boolean
    readonly holds: readonly unknown[]
  }
  const workers = (await cli.tailrace(['workers', '--json'])).json().workers as readonly Listed[]
  const one = workers.find(({ name }) => name.endsWith(`:${running.child.pid}`))
  assert.deepEqual([one?.kind, one?.holds], ['command', [{ activation: 'again', run, alive: true }]])
  assert.ok(workers.some(({ kind, alive }) => kind === 'server' && alive))
  const served = (await server.call('/api/workers')).items as readonly Listed[]
  assert.deepEqual(served.map(({ name }) => name).toSorted(), workers.map(({ name }) => name).toSorted())
  assert.match((await cli.tailrace(['workers'])).stdout, new RegExp(`again \\(Run ${run}\\)`))

  const unasked = await cli.tailrace(['free', 'again', '--json'])
  assert.deepEqual([unasked.code, unasked.json().error.code], [2, 'free-unconfirmed'])
  const freed = (await cli.tailrace(['free', 'again', '--yes', '--json'])).json()
  assert.deepEqual([freed.freed, freed.from, freed.runs], [true, one?.name, 1])
  assert.ok(freed.unconfirmed > 0)
  assert.equal((await server.call(`/api/runs/${run}`)).status, 'interrupted')
  const before = membersOf('Stuck')
  running.child.kill('SIGCONT')
  const { code, stdout } = await running.end
  assert.equal(code, 4, stdout)
  assert.ok(
    membersOf('Stuck').length <= before.length + 10,
    'what was on its way when it was frozen may arrive, and nothing else',
  )
  assert.deepEqual(await server.call('/api/activations/stuck/free', 'POST'), {
    freed: false,
    from: null,
    runs: 0,
    unconfirmed: 0,
  })
  cli.intercom.faults.clear()
  assert.equal((await cli.tailrace(['run', 'again', '--config', 'again.yaml', '--json'])).json().status, 'completed')
  assert.deepEqual(membersOf('Stuck'), all)
  await server.stop()
})

test('a process that is stuck in the middle of planning is freed at once, though it holds its tables', async () => {
  cli.intercom.reset({ contacts: 200, tags: ['Gone', 'Stuck', 'Few', 'Left'], limit: 100_000 })
  await cli.table('left_people', all)
  await cli.config(
    activation('left', {
      table: 'left_people',
      tags: '[Left]',
      behavior: 'mirror',
      limits: '{ adds: off, removes: off, shrunk: off }',
    }),
    'left.yaml',
  )
  assert.equal((await cli.tailrace(['run', 'left', '--config', 'left.yaml', '--json'])).json().status, 'completed')
  await cli.table('left_people', all.slice(100))
  // Records to remove are read one by one, while the Run still holds its comparison tables.
  cli.intercom.requests.clear()
  cli.intercom.faults.add({ method: 'GET', path: '/contacts/**', effect: { type: 'slow', ms: 500 } })
  const running = cli.start(['run', 'left', '--config', 'left.yaml', '--json'])
  await running.until(() =>
    cli.intercom.requests.latest().some(({ method, path }) => method === 'GET' && path.startsWith('/contacts/')),
  )
  running.child.kill('SIGSTOP')
  const freed = (await cli.tailrace(['free', 'left', '--config', 'left.yaml', '--yes', '--json'])).json()
  assert.deepEqual([freed.freed, freed.runs, freed.unconfirmed], [true, 1, 0])
  cli.intercom.faults.clear()
  const next = (await cli.tailrace(['run', 'left', '--config', 'left.yaml', '--json'])).json()
  assert.deepEqual([next.status, membersOf('Left')], ['completed', all.slice(100)])
  running.child.kill('SIGCONT')
  const { code, stdout } = await running.end
  assert.equal(code, 4, stdout)
  assert.deepEqual(membersOf('Left'), all.slice(100))
})

test('those who write to the same tag wait no longer for a process that is stuck than its heartbeat lasts, and it writes nothing when it is back', async () => {
  cli.intercom.reset({ contacts: 200, tags: ['Gone', 'Stuck', 'Few', 'Both'], limit: 100_000 })
  await cli.table('some_people', all.slice(0, 100))
  await cli.table('other_people', all.slice(100, 110))
  const both = (name: string, table: string) =>
    activation(name, {
      table,
      tags: '[Both]',
      delivery: 'single',
      behavior: 'mirror',
      limits: '{ adds: off, removes: off, shrunk: off }',
    })
  await cli.config(both('stuck_one', 'some_people') + both('waiting', 'other_people'), 'both.yaml')
  const run = async (name: string) =>
    (await cli.tailrace(['run', name, '--config', 'both.yaml', '--time-limit', '60s', '--json'])).json()
  await cli.table('some_people', all.slice(0, 1))
  assert.deepEqual([(await run('stuck_one')).status, (await run('waiting')).status], ['completed', 'completed'])
  await cli.table('some_people', all.slice(0, 100))
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 1500 } })
  const stuck = cli.start(['run', 'stuck_one', '--config', 'both.yaml', '--json'])
  await stuck.until(() => membersOf('Both').length >= 21)
  stuck.child.kill('SIGSTOP')
  cli.intercom.faults.clear()
  await cli.table('other_people', all.slice(100, 120))
  const began = performance.now()
  const waited = await run('waiting')
  assert.equal(waited.status, 'completed', JSON.stringify(waited.fault))
  assert.ok(performance.now() - began < 30_000, 'it waited for the heartbeat, and not for the time limit')
  const before = membersOf('Both').length
  stuck.child.kill('SIGCONT')
  const { code, stdout } = await stuck.end
  assert.equal(code, 4, stdout)
  assert.ok(
    membersOf('Both').length <= before + 10,
    'what was on its way when it was frozen may arrive, and nothing else',
  )
})

test('a server logs why a Run ended that failed, or that a guardrail held back', async () => {
  cli.intercom.reset({ contacts: 200, tags: ['Few'], limit: 100_000 })
  assert.equal((await cli.tailrace(['run', 'few', '--json'])).json().status, 'completed')
  await cli.table('few_people', all)
  const server = cli.start(['up', '--port', '0', '--json'])
  await server.until(() => server.stdout().includes('"url"'))
  const { url } = JSON.parse(server.stdout()) as { url: string }
  const start = async (name: string) =>
    await fetch(new URL(`/api/activations/${name}/runs`, url), {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
  await start('few')
  await server.until(() => server.stderr().includes('"code":"guard-adds"'))
  // The tag does not exist.
  await start('lost')
  await server.until(() => server.stderr().includes('"activation":"lost"'))
  const lines = server
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { activation?: string; run?: number; code?: string; message?: string })
  for (const { activation: of, run, code, message } of lines)
    assert.ok(
      of !== undefined && run !== undefined && code !== undefined && message !== undefined,
      JSON.stringify(lines),
    )
  server.child.kill('SIGTERM')
  assert.equal((await server.end).code, 0)
})
