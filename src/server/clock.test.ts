import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { lacksCommand } from '../testing/harness/debian-package.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

/** From the Debian package faketime. */
const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`
const skip =
  lacksCommand('faketime', 'faketime') ??
  (existsSync(library) ? undefined : `needs ${library} of the Debian package faketime`)
const everySeconds = 4

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 3, limit: 100_000, tags: ['behind', 'ahead'] })
await cli.table('everyone', [contactId(1)])

for (const [name, shift] of [
  ['behind', '-10m'],
  ['ahead', '+10m'],
] as const) {
  test(`a machine whose clock is ten minutes ${name} runs schedules when they are due, no sooner and no later`, async (t) => {
    if (skip !== undefined) return t.skip(skip)
    await cli.config(
      activation(name, { table: 'everyone', tags: `[${name}]`, schedule: `every ${everySeconds}s` }),
      `${name}.yaml`,
    )
    assert.equal((await cli.tailrace(['apply', '--file', `${name}.yaml`, '--prune', '--yes', '--json'])).code, 0)
    const server = cli.start(['up', '--port', '0', '--json', '--no-worker'])
    await server.until(() => server.stdout().includes('"url"'))
    const { url } = JSON.parse(server.stdout()) as { url: string }
    const worker = cli.start(['worker', '--json'], {
      LD_PRELOAD: library,
      FAKETIME: shift,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    const ran = async (): Promise<readonly { readonly startedAt: string; readonly durationMs: number }[]> =>
      ((await (await fetch(new URL(`/api/runs?activation=${name}`, url))).json()) as { items: [] }).items
    await worker.until(() => worker.stdout().includes('"concurrency"'))
    const since = performance.now()
    while ((await ran()).length < 4) {
      await delay(200)
      assert.ok(
        performance.now() - since < 120_000,
        `in two minutes it ran ${(await ran()).length} times\n${worker.stderr()}`,
      )
    }
    const runs = await ran()
    const starts = runs.map(({ startedAt }) => Date.parse(startedAt)).toSorted((a, b) => a - b)
    const waits = starts.slice(1).map((at, i) => at - (starts[i] ?? 0))
    // The queue stores whole milliseconds, and a Run begins a little after its job is taken.
    for (const wait of waits) assert.ok(wait > everySeconds * 1000 - 1500, `Runs began ${waits.join(', ')} ms apart`)
    for (const { durationMs } of runs) assert.ok(durationMs < 60_000, `a Run of ${durationMs} ms`)
    for (const { child, end } of [worker, server]) {
      child.kill('SIGTERM')
      assert.equal((await end).code, 0)
    }
  })
}
