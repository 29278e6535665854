import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import type { OAuth2 } from '../../connect/oauth2.ts'
import { createSealer } from '../../store/project/sealer.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { databaseTokens } from './database-tokens.ts'
import { clientSecret, oauthOf, refreshToken, startOAuthTarget, type OAuthTarget } from './oauth-target.fixture.ts'
import type { WorkerTask } from './oauth-worker.fixture.ts'
import { grantIdentity } from './token-request.ts'

const rotating: OAuth2['grant'] = { type: 'refresh-token', refreshToken, clientSecret }
/** In tests where no worker dies, none is taken over. */
const longMs = 60_000
/** A call to the token endpoint may take half of it. On a busy machine it must not end before the test stops the worker. */
const shortMs = 4_000

interface Worker {
  readonly process: ChildProcess
  /** Sends a read; returns its status, or the code and advice of its Fault. */
  read(): Promise<string>
}

interface Stage {
  readonly target: OAuthTarget
  readonly pool: Pool
  readonly workers: readonly Worker[]
  readonly identity: string
}

async function stage(
  t: TestContext,
  count: number,
  { leaseMs, grant, rotates = false }: { leaseMs: number; grant?: OAuth2['grant']; rotates?: boolean },
): Promise<Stage> {
  const target = await startOAuthTarget(t, { rotates })
  const database = await testDatabase(t)
  const oauth2 = oauthOf(target.url, grant)
  const task: WorkerTask = { url: target.url, oauth2, databaseUrl: database.url, leaseMs }
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(t, task)))
  return { target, pool: database.pool, workers, identity: grantIdentity(oauth2) }
}

async function startWorker(t: TestContext, task: WorkerTask): Promise<Worker> {
  const process = fork(fileURLToPath(new URL('./oauth-worker.fixture.ts', import.meta.url)), [JSON.stringify(task)])
  const ended = once(process, 'exit')
  t.after(async () => {
    process.kill('SIGKILL')
    await ended
  })
  await once(process, 'message')
  return {
    process,
    async read() {
      const answer = once(process, 'message')
      process.send('read')
      const [word] = (await answer) as [string]
      return word
    },
  }
}

test('three workers need a token at once: one request; and again when it has expired', async (t) => {
  const { target, workers } = await stage(t, 3, { leaseMs: longMs })
  const all = (): Promise<string[]> => Promise.all(workers.map((worker) => worker.read()))
  assert.deepEqual(await all(), ['200', '200', '200'])
  assert.equal(target.tokens.requests.length, 1)
  target.tokens.expireAll()
  assert.deepEqual(await all(), ['200', '200', '200'])
  assert.equal(target.tokens.requests.length, 2)
})

test('workers that wait for a request share its rejection, and the next call asks again', async (t) => {
  const { target, workers, pool } = await stage(t, 2, { leaseMs: longMs, grant: rotating })
  const [one, two] = workers as [Worker, Worker]
  target.tokens.revoke()
  target.tokens.trouble({ is: 'hold' })
  const first = one.read()
  await target.tokens.held(1)
  const second = two.read()
  await someoneWaits(pool)
  target.tokens.release()
  for (const answer of [await first, await second])
    assert.match(answer, /^token-rejected: The refresh token was revoked/)
  assert.equal(target.tokens.requests.length, 1)
  assert.match(await two.read(), /^token-rejected/)
  assert.equal(target.tokens.requests.length, 2)
})

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  test(`a worker that gets ${signal} while it asks is taken over`, async (t) => {
    const { target, workers } = await stage(t, 2, { leaseMs: shortMs })
    const [one, two] = workers as [Worker, Worker]
    target.tokens.trouble({ is: 'hold' })
    void one.read()
    await target.tokens.held(1)
    one.process.kill(signal)
    assert.equal(await two.read(), '200')
    assert.equal(target.tokens.requests.length, 2)
  })
}

test('a frozen worker that continues does not replace the later token, and uses it', async (t) => {
  const { target, workers, pool, identity } = await stage(t, 2, { leaseMs: shortMs })
  const [one, two] = workers as [Worker, Worker]
  target.tokens.trouble({ is: 'hold' })
  const late = one.read()
  await target.tokens.held(1)
  one.process.kill('SIGSTOP')
  assert.equal(await two.read(), '200')
  const { rows } = await pool.query('select sealed from oauth_token where identity = $1', [identity])
  target.tokens.release()
  one.process.kill('SIGCONT')
  assert.equal(await late, '200')
  assert.deepEqual((await pool.query('select sealed from oauth_token where identity = $1', [identity])).rows, rows)
  assert.equal(new Set(target.calls.map(({ token }) => token)).size, 1)
})

test('a frozen worker that continues saves the new refresh token that only it received', async (t) => {
  const { target, workers } = await stage(t, 2, { leaseMs: shortMs, grant: rotating, rotates: true })
  const [one, two] = workers as [Worker, Worker]
  target.tokens.trouble({ is: 'hold' })
  const late = one.read()
  await target.tokens.held(1)
  one.process.kill('SIGSTOP')
  // The vendor has replaced the refresh token, and its answer waits in the socket of the frozen worker.
  assert.match(await two.read(), /^token-rejected: A worker ended before it could save/)
  target.tokens.release()
  one.process.kill('SIGCONT')
  assert.equal(await late, '200')
  assert.equal(await two.read(), '200')
  target.tokens.expireAll()
  assert.equal(await two.read(), '200', 'the new refresh token was lost')
})

test('a worker that is killed after its token was saved loses nothing', async (t) => {
  const { target, workers } = await stage(t, 3, { leaseMs: shortMs, grant: rotating, rotates: true })
  for (const worker of workers) {
    assert.equal(await worker.read(), '200')
    worker.process.kill('SIGKILL')
    target.tokens.expireAll()
  }
  const used = target.tokens.requests.map((request) => request['refresh_token'])
  assert.equal(new Set(used).size, 3)
})

test('tokens are encrypted at rest; another key asks anew, unless a refresh token would be lost', async (t) => {
  const { target, workers, pool, identity } = await stage(t, 1, { leaseMs: shortMs })
  const [one] = workers as [Worker]
  assert.equal(await one.read(), '200')
  const everything = JSON.stringify((await pool.query('select * from oauth_token')).rows)
  assert.doesNotMatch(everything, /canary|access-/)
  assert.match(everything, /"sealed":"v1\./)
  const other = databaseTokens({ pool: () => pool, sealer: () => createSealer(Buffer.alloc(32, 8)), worker: 'other' })
  assert.equal((await other.read(identity)).token, undefined)
  await pool.query('update oauth_token set rotated = true')
  await assert.rejects(other.read(identity), { kind: 'config', code: 'secret-key-differs' })
  assert.equal(target.tokens.granted, 1)
})

test('a new refresh token is saved once the database is back', async (t) => {
  const database = await testDatabase(t)
  const { hostname: host, port } = new URL(database.url)
  const relay = await startRelay(t, { host, port: Number(port) })
  const near = new URL(database.url)
  near.port = String(relay.port)
  const target = await startOAuthTarget(t, { rotates: true })
  const oauth2 = oauthOf(target.url, rotating)
  const task: WorkerTask = { url: target.url, oauth2, databaseUrl: near.href, leaseMs: longMs }
  const worker = await startWorker(t, task)
  target.tokens.trouble({ is: 'hold' })
  const read = worker.read()
  await target.tokens.held(1)
  relay.cut()
  target.tokens.release()
  // The worker has tried to save, and could not.
  while (relay.rejected === 0) await delay(20)
  relay.restore()
  assert.equal(await read, '200')
  const other = await startWorker(t, { ...task, databaseUrl: database.url })
  target.tokens.expireAll()
  assert.equal(await other.read(), '200')
  assert.equal(target.tokens.requests.length, 2)

  relay.cut()
  const cutOff = await startWorker(t, { ...task, databaseUrl: database.url, tokensUrl: near.href })
  assert.match(await cutOff.read(), /^tokens-unreachable: Check that the control database answers/)
})

/** A relay to the database that can break all connections and reject new ones. */
async function startRelay(t: TestContext, to: { readonly host: string; readonly port: number }) {
  const sockets = new Set<Socket>()
  let cut = false
  let rejected = 0
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (cut) {
      rejected += 1
      return void client.destroy()
    }
    const upstream = keep(connect(to.port, to.host))
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy())
  t.after(() => {
    breakAll()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      cut = true
      breakAll()
    },
    restore: () => void (cut = false),
    get rejected() {
      return rejected
    },
  }
}

/** A worker reads the state of the grant, again and again, because another has the claim. */
async function someoneWaits(pool: Pool): Promise<void> {
  const reads = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like 'select sealed, rotated%'`
  while ((await pool.query(reads)).rowCount === 0) await delay(20)
}
