import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, tryCli, type RunningCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 600 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 600, limit: 100_000, tags: ['Up', 'Killed', 'Often'] })
const membersOf = (tag: string): string[] => cli.intercom.world.members(tag, 'contact').toSorted()
await cli.table('everyone', all)

test('takes a tailrace.yaml over, runs it, stops in order while a Run is under way, and goes on with it when it is up again', async () => {
  await cli.config(activation('up', { table: 'everyone', tags: '[Up]', delivery: 'single' }))
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 15 } })
  const server = await up()
  assert.deepEqual(server.ready.config, { kind: 'taken over', counts: { warehouses: 1, targets: 1, activations: 1 } })
  const started = await server.call('POST', '/api/activations/up/runs', {})
  assert.equal(started.queued, true)
  await until(() => membersOf('Up').length >= 30)
  server.running.child.kill('SIGTERM')
  const ended = await server.running.end
  assert.equal(ended.code, 0, ended.stderr)
  assert.match(ended.stderr, /1 Run finishes its requests in flight/)
  const [stopped] = (await cli.tailrace(['runs', '--json'])).json().runs
  assert.deepEqual([stopped.status, stopped.counts.unconfirmed], ['deferred', 0])
  assert.equal(stopped.counts.delivered, membersOf('Up').length)
  assert.ok(stopped.counts.onHold > 0)
  cli.intercom.faults.clear()

  const again = await up()
  assert.deepEqual(again.ready.config, { kind: 'same' })
  const [next] = await again.runs(
    (runs) => runs[0] !== undefined && runs[0].run !== stopped.run && runs[0].finishedAt !== null,
  )
  assert.deepEqual([next.status, next.counts.delivered], ['completed', stopped.counts.onHold])
  assert.deepEqual(membersOf('Up'), all)
  assert.equal(writes(), all.length)
  await again.stop()
})

test('killed in the midst of a Run, a worker elsewhere takes it over: all is delivered, and no more than was in flight is sent twice', async () => {
  await cli.config(activation('killed', { table: 'everyone', tags: '[Killed]', delivery: 'single' }), 'killed.yaml')
  assert.equal((await cli.tailrace(['apply', '--file', 'killed.yaml', '--yes', '--json'])).code, 0)
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 15 } })
  cli.intercom.requests.clear()
  const server = await up()
  const { run } = await server.call('POST', '/api/activations/killed/runs', {})
  await until(() => membersOf('Killed').length >= 30)
  server.running.child.kill('SIGKILL')
  await server.running.end
  cli.intercom.faults.clear()
  const worker = cli.start(['worker', '--json'])
  await worker.until(() => worker.stdout().includes('"concurrency"'))
  const reader = await up('--no-worker')
  const [next, first] = await reader.runs(
    (runs) => runs[0]?.activation === 'killed' && runs[0].run !== run && runs[0].finishedAt !== null,
  )
  assert.deepEqual([first.run, first.status, first.fault.code], [run, 'interrupted', 'interrupted'])
  assert.equal(next.status, 'completed')
  assert.deepEqual(membersOf('Killed'), all)
  assert.ok(writes() <= all.length + 10, `${writes()} writes`)
  worker.child.kill('SIGTERM')
  assert.equal((await worker.end).code, 0)
  await reader.stop()
})

test('a schedule fires by itself, over and over; and what differs from the file is told', async () => {
  await cli.config(activation('often', { table: 'everyone', tags: '[Often]', schedule: 'every 1s' }), 'often.yaml')
  assert.equal((await cli.tailrace(['apply', '--file', 'often.yaml', '--yes', '--json'])).code, 0)
  const server = await up()
  assert.deepEqual(server.ready.config, { kind: 'differs', names: ['activations/killed', 'activations/often'] })
  const ofOften = (runs: readonly Listed[]): readonly Listed[] =>
    runs.filter(({ activation: name, finishedAt }) => name === 'often' && finishedAt !== null)
  const runs = await server.runs((found) => ofOften(found).length >= 3)
  assert.deepEqual(
    ofOften(runs)
      .slice(-3)
      .map(({ status }) => status),
    ['shelved', 'shelved', 'completed'],
  )
  assert.deepEqual(membersOf('Often'), all)
  await server.call('POST', '/api/activations/often/pause')
  assert.equal((await server.call('GET', '/api/activations/often')).nextRunAt, null)
  await server.stop()
})

test('without a password it listens on this machine alone, and a port that is taken is told', async () => {
  const open = await cli.tailrace(['up', '--port', '0', '--host', '0.0.0.0', '--json'])
  assert.deepEqual([open.code, open.json().error.code], [2, 'password-required'])
  const taken = await cli.tailrace(['up', '--port', new URL(cli.intercom.url).port, '--json'])
  assert.deepEqual([taken.code, taken.json().error.code], [2, 'port-taken'])
})

interface Listed {
  readonly run: number
  readonly activation: string
  readonly status: string
  readonly finishedAt: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly fault: { readonly code: string }
}

interface Up {
  readonly running: RunningCli
  readonly ready: { readonly url: string; readonly config: unknown }
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any>
  /** Returns the latest Runs, newest first, as soon as `holds` is true for them. */
  runs(holds: (runs: readonly Listed[]) => boolean): Promise<readonly [Listed, Listed, ...Listed[]]>
  stop(): Promise<void>
}

async function up(...options: readonly string[]): Promise<Up> {
  const running = cli.start(['up', '--port', '0', '--json', ...options])
  await running.until(() => running.stdout().includes('"url"'))
  const ready = JSON.parse(running.stdout()) as Up['ready']
  const call: Up['call'] = async (method, path, body) => {
    const reply = await fetch(new URL(path, ready.url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const given = (await reply.json()) as unknown
    assert.ok(reply.ok, JSON.stringify(given))
    return given
  }
  return {
    running,
    ready,
    call,
    async runs(holds) {
      for (;;) {
        const { items } = (await call('GET', '/api/runs')) as { items: [Listed, Listed, ...Listed[]] }
        if (holds(items)) return items
        await delay(20)
      }
    },
    async stop() {
      running.child.kill('SIGTERM')
      const { code, stderr } = await running.end
      assert.equal(code, 0, stderr)
    },
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(5)
}

/** Number of requests that tagged a single contact since the last clear. */
function writes(): number {
  return cli.intercom.requests
    .latest()
    .filter(({ method, path, status }) => method === 'POST' && status > 0 && /^\/contacts\/[^/]+\/tags$/.test(path))
    .length
}
