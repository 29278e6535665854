import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 300 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 300, limit: 100_000, tags: ['Late'] })
await cli.table('everyone', all)

/** Starts with empty state: each test uses a new activation name. */
let serial = 0
async function fresh(): Promise<string> {
  serial += 1
  cli.intercom.reset({ tags: ['Late'] })
  await cli.config(activation(`late-${serial}`, { table: 'everyone', tags: '[Late]', delivery: 'single' }))
  return `late-${serial}`
}
const tagged = (): number => cli.intercom.world.members('Late', 'contact').length

/** An attempt may take 30 s and is retried for a minute. Without the deadline a Run takes much longer than this. */
const farBeyondMs = 25_000
const hangs = { type: 'slow', ms: 600_000 } as const
const writes = { method: 'POST', path: '/contacts/*/tags' } as const

const troubles: readonly (readonly [string, Parameters<typeof cli.intercom.faults.add>[0]])[] = [
  ['no write is answered', { ...writes, effect: hangs }],
  ['no write is answered after the first twenty', { ...writes, from: 21, effect: hangs }],
  ['every other write is not answered', { ...writes, every: 2, effect: hangs }],
  ['writes are slow', { ...writes, effect: { type: 'slow', ms: 1_000 } }],
  ['every write is limited, though there is room', { ...writes, effect: { type: 'status', status: 429 } }],
  [
    'every write is limited, and the window used up',
    { ...writes, effect: { type: 'status', status: 429, rateHeaders: 'exhausted' } },
  ],
  ['every write answers 503', { ...writes, effect: { type: 'status', status: 503 } }],
]

for (const [name, fault] of troubles) {
  test(`a time limit is kept where ${name}: what may have been applied is unconfirmed, the rest on hold`, async () => {
    const late = await fresh()
    cli.intercom.faults.add(fault)
    const limited = await cli.tailrace(['run', late, '--time-limit', '4s', '--allow', 'failures', '--json'])
    const { status, counts, durationMs } = limited.json()
    cli.intercom.faults.clear()
    assert.deepEqual([limited.code, status], [1, 'deferred'], limited.stdout + limited.stderr)
    assert.ok(durationMs < farBeyondMs, `${durationMs} ms`)
    assert.equal(counts.delivered + counts.unconfirmed + counts.onHold, all.length, limited.stdout)
    assert.ok(counts.delivered <= tagged(), 'nothing is called delivered that is not there')
    assert.ok(counts.onHold + counts.unconfirmed > 0 && counts.rejected === 0, limited.stdout)

    const next = await cli.tailrace(['run', late, '--json', '--allow', 'failures'])
    assert.equal(next.code, 0, next.stdout + next.stderr)
    assert.equal(tagged(), all.length)
  })
}

for (const path of ['/me', '/tags', '/contacts/search']) {
  test(`a time limit is kept where ${path} is not answered: the Run is deferred, and nothing is sent`, async () => {
    const late = await fresh()
    cli.intercom.faults.add({ path, effect: hangs })
    const limited = await cli.tailrace(['run', late, '--time-limit', '3s', '--json'])
    cli.intercom.faults.clear()
    const { status, counts, durationMs } = limited.json()
    assert.deepEqual(
      [limited.code, status, counts.delivered, tagged()],
      [1, 'deferred', 0, 0],
      limited.stdout + limited.stderr,
    )
    assert.ok(durationMs < farBeyondMs, `${durationMs} ms`)
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends a Run whose Target does not answer, without a second one`, async () => {
    const late = await fresh()
    cli.intercom.faults.add({ ...writes, from: 21, effect: hangs })
    const running = cli.start(['run', late, '--json'])
    await running.until(() => tagged() >= 20)
    running.child.kill(signal)
    const stopped = await running.end
    cli.intercom.faults.clear()
    const { status, counts, durationMs } = stopped.json()
    assert.deepEqual([stopped.code, status], [1, 'cancelled'], stopped.stdout + stopped.stderr)
    assert.ok(durationMs < farBeyondMs, `${durationMs} ms`)
    assert.equal(counts.delivered + counts.unconfirmed + counts.onHold, all.length, stopped.stdout)
    assert.ok(counts.onHold > 0 && counts.unconfirmed > 0, stopped.stdout)
    const next = await cli.tailrace(['run', late, '--json'])
    assert.deepEqual([next.code, tagged()], [0, all.length], next.stdout + next.stderr)
  })
}
