import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const people = Array.from({ length: 1500 }, (_, i) => contactId(i + 1))
const unlisted = Array.from({ length: 12 }, (_, i) => `stranger-${String(i).padStart(2, '0')}`)
const cli = await tryCli({ contacts: 1500, limit: 100_000, tags: ['Some', 'Slow'] })
await cli.table('part', [...people.slice(0, 100), ...unlisted, null])
await cli.table('slow', people)
await cli.config(
  [
    activation('some', { table: 'part', tags: '[Some]', limits: '{ invalid: off, failures: off }' }),
    activation('slow', { table: 'slow', tags: '[Slow]', delivery: 'single' }),
  ].join(''),
)
const server = cli.start(['up', '--port', '0', '--json'])
await server.until(() => server.stdout().includes('"url"'))
const { url } = JSON.parse(server.stdout()) as { url: string }

test('a Run and its Records: by page, status, reason and identifier, as groups and as CSV', async () => {
  const { run } = await call('POST', '/api/activations/some/runs', {})
  const summary = await ended(run)
  assert.deepEqual(
    [summary.status, summary.purpose, summary.counts.delivered, summary.counts.rejected, summary.counts.invalid],
    ['completed with failures', 'run', 100, 12, 1],
  )

  const seen: string[] = []
  for (let next: string | null = ''; next !== null;) {
    const page: Page<{ record: string; groups: string[] }> = await call(
      'GET',
      `/api/runs/${run}/records?limit=50${next === '' ? '' : `&cursor=${next}`}`,
    )
    seen.push(...page.items.map(({ record }) => record))
    assert.ok(page.items.length <= 50)
    next = page.next
  }
  assert.deepEqual(seen.toSorted(), [...people.slice(0, 100), ...unlisted].toSorted())

  const of = async (filter: string): Promise<Page<Record<string, unknown>>> =>
    await call('GET', `/api/runs/${run}/records?${filter}`)
  assert.deepEqual(
    (await of('status=rejected')).items.map(({ record, code, operation }) => [record, code, operation]),
    unlisted.map((record) => [record, 'not-found', 'attach']),
  )
  assert.equal((await of('code=not-found&limit=5')).items.length, 5)
  assert.deepEqual(
    (await of(`record=${people[3]}`)).items.map(({ record, groups: on }) => [record, on]),
    [[people[3], ['Some']]],
  )
  assert.deepEqual((await of('status=on-hold')).items, [])

  const { groups, invalidRows } = await call('GET', `/api/runs/${run}/groups`)
  assert.deepEqual(
    groups.map(({ status, code, count }: Record<string, unknown>) => [status, code, count]),
    [
      ['delivered', '', 100],
      ['rejected', 'not-found', 12],
    ],
  )
  assert.ok(groups[1].title.length > 0 && groups[1].advice.length > 0)
  assert.equal(invalidRows.length, 1)
  const csv = await text(`/api/runs/${run}/records.csv?status=rejected`)
  assert.deepEqual(
    csv
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
    unlisted,
  )
  assert.equal((await fetch(new URL('/api/runs/999999', url))).status, 404)
})

test('failures that stand: in groups, one by one, as CSV; made due again, and mended', async () => {
  const { groups, invalidRows } = await call('GET', '/api/activations/some/failures')
  assert.deepEqual(
    groups.map((group: Record<string, unknown>) => [group['class'], group['code'], group['count']]),
    [['rejected', 'not-found', 12]],
  )
  assert.equal(groups[0].sample[0].record, unlisted[0])
  assert.equal(invalidRows[0].count, 1)
  const first: Page<{ record: string }> = await call(
    'GET',
    '/api/activations/some/failed-records?limit=10&class=rejected',
  )
  const second: Page<{ record: string }> = await call(
    'GET',
    `/api/activations/some/failed-records?limit=10&cursor=${first.next}`,
  )
  assert.deepEqual(
    [...first.items, ...second.items].map(({ record }) => record),
    unlisted,
  )
  assert.equal(second.next, null)
  assert.equal((await text('/api/activations/some/failed-records.csv')).trimEnd().split('\n').length, 13)

  await cli.table('part', people.slice(0, 110))
  const due = await call('POST', '/api/activations/some/retry', { keys: [unlisted[0], 'nobody'] })
  assert.equal(due.due, 1)
  const [latest] = (await call('GET', '/api/runs?activation=some&limit=1')).items
  await ended(latest.run)
  const { points } = await call('GET', '/api/activations/some/series')
  assert.deepEqual(
    points.map(({ held }: { held: number }) => held),
    [100, 110],
  )
  assert.deepEqual(await call('GET', '/api/activations/some/ownership'), { managed: 110, external: 0, total: 110 })
})

test("a Record's story, drift and verification", async () => {
  const known = await call('GET', `/api/activations/some/record?identifier=${people[0]}`)
  assert.deepEqual(
    [known.known, known.author, known.events.length, known.events[0].groups],
    [true, ['The tag "Some" is managed by this Activation: an undo may detach it.'], 1, ['Some']],
  )
  assert.equal((await call('GET', '/api/activations/some/record?identifier=who')).known, false)
  cli.intercom.world.detach('contact', people[0] ?? '', 'Some')
  cli.intercom.world.catchUp()
  const verified = await call('POST', '/api/activations/some/verify', {})
  assert.deepEqual([verified.confirmed, verified.missing, verified.synced, verified.due], [109, 1, 110, 0])
  const drift = await call('GET', '/api/activations/some/drift')
  assert.deepEqual(
    [
      drift.last.missing,
      drift.items.map(({ record, what, members: groups }: Record<string, unknown>) => [record, what, groups]),
    ],
    [1, [[people[0], 'taken off', ['Some']]]],
  )
})

test('a Run is watched to its end, and cancelled safely; then it is planned to be taken back, and is', async () => {
  cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 20 } })
  const { run } = await call('POST', '/api/activations/slow/runs', {})
  const all = watch('/api/events')
  const one = watch(`/api/runs/${run}/events`)
  await one.until((events) =>
    events.some(({ event, data }) => event === 'progress' && data.status === 'delivering' && data.answered > 0),
  )
  assert.deepEqual(await call('POST', `/api/runs/${run}/cancel`), { asked: true })
  const events = await one.end
  assert.deepEqual([events.at(-1)?.event, events.at(-1)?.data.status], ['end', 'cancelled'])
  await all.until((seen) => seen.some(({ event, data }) => event === 'changed' && data.activations.includes('slow')))
  all.leave()
  cli.intercom.faults.clear()
  assert.deepEqual(await call('POST', `/api/runs/${run}/cancel`), { asked: false })
  const { delivered } = events.at(-1)?.data.counts ?? {}
  await idle()
  const plan = await call('POST', `/api/runs/${run}/undo/plan`)
  assert.deepEqual(
    [plan.undoes, plan.figures.removes, plan.sample.length, plan.sample[0].group],
    [run, delivered, Math.min(20, delivered), 'Slow'],
  )
  const undo = await call('POST', `/api/runs/${run}/undo`)
  const undone = await ended(undo.run)
  assert.deepEqual([undone.purpose, undone.undoes, undone.counts.delivered], ['undo', run, delivered])
  assert.deepEqual(cli.intercom.world.members('Slow', 'contact'), [])
  assert.equal((await call('GET', `/api/runs/${run}`)).undoneBy, undo.run)
})

test('a plan of a draft shows every write, sends nothing, and leaves nothing behind', async () => {
  const { config } = await call('GET', '/api/activations/slow')
  const before = (await call('GET', '/api/runs')).items.length
  const plan = await call('POST', '/api/plans', {
    name: 'new one',
    config: { ...config, tags: ['Fresh'], createTag: true },
    sample: 3,
  })
  assert.deepEqual(
    [plan.counts.planned, plan.lines.adds, plan.toCreate, plan.sample.length],
    [1500, 1500, ['Fresh'], 3],
  )
  assert.equal(plan.sample[0].group, 'Fresh')
  assert.equal((await call('GET', '/api/runs')).items.length, before)
  const invalid = await fetch(new URL('/api/plans', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bad', config: { ...config, behavior: 'conquer' } }),
  })
  const problem = (await invalid.json()) as { errors: { pointer: string }[] }
  assert.deepEqual([invalid.status, problem.errors.map(({ pointer }) => pointer)], [422, ['/config/behavior']])
  assert.equal(
    cli.intercom.world.summary().tags.some(({ name }) => name === 'Fresh'),
    false,
  )
})

test('stops while somebody watches', async () => {
  const watcher = watch('/api/events')
  await watcher.opened
  server.child.kill('SIGTERM')
  assert.equal((await server.end).code, 0)
  await watcher.end
})

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

// oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any> {
  const reply = await fetch(new URL(path, url), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const given = (await reply.json()) as unknown
  assert.ok(reply.ok, `${method} ${path}: ${JSON.stringify(given)}`)
  return given
}

async function text(path: string): Promise<string> {
  return await (await fetch(new URL(path, url))).text()
}

// oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
async function ended(run: number): Promise<any> {
  for (;;) {
    const summary = await call('GET', `/api/runs/${run}`)
    if (summary.finishedAt !== null) return summary
    await delay(10)
  }
}

/** A Run has ended a moment before its worker gives the activation back. */
async function idle(): Promise<void> {
  while ((await call('GET', '/api/workers')).items.some(({ holds }: { holds: readonly unknown[] }) => holds.length > 0))
    await delay(10)
}

interface Seen {
  readonly event: string
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it waits for
  readonly data: any
}

/** Reads server-sent events as a browser does. */
function watch(path: string) {
  const left = new AbortController()
  const seen: Seen[] = []
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const read = async (): Promise<readonly Seen[]> => {
    const reply = await fetch(new URL(path, url), { signal: left.signal })
    assert.equal(reply.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    open()
    let rest = ''
    for await (const piece of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
        if (event !== undefined && data !== undefined) seen.push({ event, data: JSON.parse(data) as unknown })
      }
    }
    return seen
  }
  const end = read().catch((error: unknown) => {
    if (!left.signal.aborted) throw error
    return seen
  })
  return {
    end,
    opened,
    leave: () => left.abort(),
    async until(holds: (events: readonly Seen[]) => boolean): Promise<void> {
      while (!holds(seen)) await delay(5)
    },
  }
}
