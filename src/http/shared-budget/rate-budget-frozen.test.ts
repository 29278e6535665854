import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startIntercomEmulator } from '../../targets/intercom/emulator/index.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'

const windowMs = 1_000
const limit = 100
/** Permits of a frozen process expire half a window after its last ask, which can be in the middle of a window. */
const frozenWindows = 2
/** Healthy processes write the same row, so short waits for each other are normal. */
const longMs = 250

/** How much of a message about the budget gets through before its sender is frozen or cut off. */
interface Freeze {
  /** Number of the message about the budget, counted after warm-up. */
  readonly message: number
  readonly passes: 'nothing of it' | 'half of it' | 'all of it'
  readonly happens: 'its process stops' | 'its line is cut'
}

interface Relay {
  readonly url: string
  /** Counts messages from now on; resolves when the freeze happens. */
  arm(freeze: Freeze, victim: ChildProcess): Promise<void>
  /** Lets all bytes pass again. */
  heal(): void
}

/** A TCP relay between a process and the control database. */
async function relayTo(t: TestContext, databaseUrl: string): Promise<Relay> {
  const { hostname: host, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let armed:
    | { readonly freeze: Freeze; readonly victim: ChildProcess; readonly done: () => void; seen: number }
    | undefined
  let cut = false
  let held: (() => void)[] = []
  const pass = (to: Socket, bytes: Buffer): void => {
    if (cut) held.push(() => to.write(bytes))
    else to.write(bytes)
  }
  const server = createServer((near) => {
    const far = connect({ host, port: Number(port) })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .once('close', () => {
          sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
    }
    far.on('data', (bytes: Buffer) => pass(near, bytes))
    near.on('data', (bytes: Buffer) => {
      const due = armed
      if (
        due === undefined ||
        !/rate_(ask|budget)/.test(bytes.toString('latin1')) ||
        (due.seen += 1) < due.freeze.message
      )
        return pass(far, bytes)
      armed = undefined
      const { passes, happens } = due.freeze
      const through = passes === 'nothing of it' ? 0 : passes === 'half of it' ? bytes.length >> 1 : bytes.length
      if (through > 0) far.write(bytes.subarray(0, through))
      if (happens === 'its process stops') due.victim.kill('SIGSTOP')
      cut = true
      if (through < bytes.length) held.push(() => far.write(bytes.subarray(through)))
      due.done()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const near = new URL(databaseUrl)
  near.port = String((server.address() as AddressInfo).port)
  return {
    url: near.href,
    arm: (freeze, victim) => new Promise((done) => (armed = { freeze, victim, done, seen: 0 })),
    heal() {
      cut = false
      const waiting = held
      held = []
      for (const go of waiting) go()
    },
  }
}

const freezes = [1, 2].flatMap((message) =>
  (['nothing of it', 'half of it', 'all of it'] as const).flatMap((passes) =>
    (['its process stops', 'its line is cut'] as const).map((happens): Freeze => ({ message, passes, happens })),
  ),
)

test('a process that is frozen or cut off at any message about the budget stops nobody else, and overruns nothing when it is back', async (t) => {
  const database = await testDatabase(t)
  const emulator = await startIntercomEmulator({ limit, windowMs, contacts: 0, companies: 0, conversations: 0 })
  t.after(() => emulator.close())
  const relay = await relayTo(t, database.url)
  const processes = [relay.url, database.url, database.url].map((databaseUrl) =>
    fork(fileURLToPath(new URL('./rate-budget.fixture.ts', import.meta.url)), [
      JSON.stringify({ baseUrl: emulator.url, token: emulator.token, databaseUrl, windowMs, reserve: 0 }),
    ]),
  )
  const [victim] = processes as [ChildProcess, ChildProcess, ChildProcess]
  const ends = processes.map((process) => once(process, 'exit'))
  t.after(() => processes.forEach((process) => process.kill('SIGKILL')))
  await Promise.all(processes.map((process) => once(process, 'message')))

  /**
   * Request counts of the next `count` windows, after the last of them has ended. The emulator lists only windows with
   * requests, and it starts a window only when a call arrives.
   */
  const nextWindows = async (count: number): Promise<readonly number[]> => {
    const from = emulator.requests.windows().at(-1)?.start ?? 0
    const seen = () => emulator.requests.windows().filter(({ start }) => start > from)
    while (seen().length <= count) await delay(20)
    return seen()
      .slice(0, count)
      .map(({ requests }) => requests)
  }
  for (const freeze of freezes) {
    await t.test(`message ${freeze.message}, ${freeze.passes} passes, ${freeze.happens}`, async () => {
      await relay.arm(freeze, victim)
      const used = await nextWindows(frozenWindows)
      const { rows } = await database.pool.query<{ waiting: string }>(
        `select count(*) as waiting from pg_locks where not granted and clock_timestamp() - waitstart > interval '${longMs} ms'`,
      )
      victim.kill('SIGCONT')
      relay.heal()
      await nextWindows(1)
      assert.ok(used.filter((requests) => requests >= limit / 3).length >= frozenWindows - 1, `${used} of ${limit}`)
      assert.deepEqual(rows, [{ waiting: '0' }], 'nobody waits for a lock for long')
      assert.equal(emulator.requests.counters().rateLimited, 0)
    })
  }
  for (const process of processes) process.disconnect()
  assert.deepEqual(
    (await Promise.all(ends)).map(([code]: unknown[]) => code),
    [0, 0, 0],
  )
})
