import assert from 'node:assert/strict'
import { spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { chmod, chown, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { Fault } from '../model/fault.ts'
import { testFolder } from '../testing/harness/test-folder.ts'
import { openEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import { canReach } from './owner.ts'

const fixture = fileURLToPath(new URL('./embedded-server.fixture.ts', import.meta.url))

describe('openEmbeddedServer', { concurrency: 2, timeout: 120_000 }, () => {
  test('keeps its data from one start to the next, listens on loopback alone, and leaves no process', async (t) => {
    const home = await newHome(t)
    const first = await open(t, home)
    await ask(first.url, 'create table kept as select 42 as answer')
    const [settings] = await ask(
      first.url,
      `select current_setting('listen_addresses') as host,
      current_setting('unix_socket_directories') as socket, current_setting('data_checksums') as checksums,
      current_setting('server_encoding') as encoding, current_setting('fsync') as fsync`,
    )
    assert.deepEqual(settings, { host: '127.0.0.1', socket: '', checksums: 'on', encoding: 'UTF8', fsync: 'on' })
    await assert.rejects(ask(first.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1'), /password authentication failed/)
    assert.equal((await stat(join(home, 'postgres.password'))).mode & 0o777, 0o600)
    await first.release()
    assert.ok(!runs(first.pid))

    const second = await open(t, home)
    assert.deepEqual(await ask(second.url, 'select answer from kept'), [{ answer: 42 }])
    await second.release()
    assert.ok(!runs(second.pid))
  })

  test('is shared by processes, and stopped by the last of them', async (t) => {
    const home = await newHome(t)
    const [mine, other] = await Promise.all([open(t, home), startUser(t, home)])
    assert.equal(other.pid, mine.pid)
    assert.equal(Number(mine.started) + Number(other.started), 1)
    await mine.release()
    assert.ok(runs(mine.pid))
    assert.deepEqual(await ask(other.url, 'select 1 as one'), [{ one: 1 }])
    await other.end('release')
    assert.ok(!runs(mine.pid))
  })

  test('is found and used again after kill -9 of the whole process group that used it', async (t) => {
    const home = await newHome(t)
    const killed = await startUser(t, home)
    await ask(killed.url, 'create table kept as select 42 as answer')
    await killed.kill()
    assert.ok(runs(killed.pid))

    const next = await open(t, home)
    assert.equal(next.pid, killed.pid)
    assert.deepEqual(await ask(next.url, 'select answer from kept'), [{ answer: 42 }])
    await next.release()
    assert.ok(!runs(next.pid))
  })

  test('is stopped by a process that exits without leaving it, unless others use it', async (t) => {
    const home = await newHome(t)
    const [hasty, other] = [await startUser(t, home), await startUser(t, home)]
    await hasty.end('exit')
    assert.deepEqual(await ask(other.url, 'select 1 as one'), [{ one: 1 }])
    await other.end('exit')
    while (runs(other.pid)) await turn()
    const again = await open(t, home)
    assert.ok(again.started)
    await again.release()
  })

  test('starts over a kill -9 of the server and a stale postmaster.pid whose pid is now another program', async (t) => {
    const home = await newHome(t)
    const first = await open(t, home)
    await ask(first.url, 'create table kept as select 42 as answer')
    const lockFile = join(first.data, 'postmaster.pid')
    const lines = readFileSync(lockFile, 'utf8').split('\n')
    process.kill(first.pid, 'SIGKILL')
    while (runs(first.pid)) await turn()
    await writeFile(lockFile, [process.pid, ...lines.slice(1)].join('\n'))

    const second = await open(t, home)
    assert.deepEqual(await ask(second.url, 'select answer from kept'), [{ answer: 42 }])
    await second.release()
    await first.release()
    assert.ok(!runs(second.pid))
  })

  test('listens where it did, or elsewhere when another program has taken that port', async (t) => {
    const home = await newHome(t)
    const first = await open(t, home)
    await first.release()
    const second = await open(t, home)
    assert.equal(second.url, first.url)
    await second.release()

    const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(other, 'listening')
    t.after(() => other.close())
    const third = await open(t, home)
    assert.notEqual(third.url, first.url)
    assert.deepEqual(await ask(third.url, 'select 1 as one'), [{ one: 1 }])
    await third.release()
  })

  test('starts after a kill -9 in the middle of the first initdb, and sweeps up what that left', async (t) => {
    const home = await newHome(t)
    const child = spawn(process.execPath, [fixture, home], { stdio: 'ignore' })
    while (!existsSync(home) || !readdirSync(home).some((name) => name.startsWith('postgres.new-'))) await turn()
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.ok(!existsSync(join(home, 'postgres')))

    const server = await open(t, home)
    assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
    await server.release()
    assert.deepEqual(
      readdirSync(home).filter((name) => name.includes('.new-') || name.endsWith('.pid')),
      [],
    )
  })

  test('refuses data of another major version, data that are gone, and settings that do not hold, with words', async (t) => {
    const home = await newHome(t)
    const server = await open(t, home)
    await server.release()

    const settings = { shared_buffers: 'plenty' }
    await rejected(openEmbeddedServer({ home, settings }), 'embedded-start-failed', /shared_buffers.*plenty/s)
    await writeFile(join(server.data, 'PG_VERSION'), '12\n')
    await rejected(openEmbeddedServer({ home }), 'embedded-version', /PostgreSQL 12/)
    await rm(server.data, { recursive: true })
    await rejected(openEmbeddedServer({ home }), 'embedded-data-gone', /is missing/)
  })

  test('does not start a second server on data that another container uses', async (t) => {
    const home = await newHome(t)
    const elsewhere = await open(t, home)
    const stateFile = join(home, 'postgres.json')
    const state = JSON.parse(await readFile(stateFile, 'utf8')) as object
    await writeFile(stateFile, JSON.stringify({ ...state, machine: 'the other container' }))
    process.kill(elsewhere.pid, 'SIGKILL')
    while (runs(elsewhere.pid)) await turn()

    await rejected(openEmbeddedServer({ home }), 'embedded-elsewhere', /the other container/)
    await elsewhere.release()
    const afterwards = await open(t, home)
    await afterwards.release()
  })

  test('as root in a place that no other user may enter: keeps the data there all the same', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root')
    if (process.platform !== 'linux') return t.skip('needs Linux')
    const home = await newHome(t, 0o700)
    const server = await open(t, home)
    assert.equal(server.data, join(home, 'postgres'))
    await ask(server.url, 'create table kept as select 42 as answer')
    await server.release()
    const again = await open(t, home)
    assert.deepEqual(await ask(again.url, 'select answer from kept'), [{ answer: 42 }])
    await again.release()
  })

  test('as an ordinary user, and afterwards as root on the data of that user', async (t) => {
    if (process.getuid?.() !== 0)
      return t.skip('needs root to become another user; the tests above ran as an ordinary user')
    // `daemon`, in every /etc/passwd; PostgreSQL refuses users without an entry there.
    const user = { uid: 1, gid: 1 }
    if (!(await canReach(dirname(fixture), user)) || !(await canReach(dirname(process.execPath), user))) {
      return t.skip(`needs a checkout that other users may enter, unlike ${dirname(fixture)}`)
    }
    const home = await newHome(t)
    await chown(dirname(home), user.uid, user.gid)
    const child = await startUser(t, home, user)
    await ask(child.url, 'create table kept as select 42 as answer')
    await child.end('release')
    assert.ok(!runs(child.pid))

    const asRoot = await open(t, home)
    assert.deepEqual(await ask(asRoot.url, 'select answer from kept'), [{ answer: 42 }])
    assert.equal((await stat(asRoot.data)).uid, user.uid)
    await asRoot.release()
    const again = await startUser(t, home, user)
    await again.end('release')
  })
})

/** A home directory that does not exist yet, in a new directory with the given mode. */
async function newHome(t: TestContext, mode = 0o755): Promise<string> {
  const project = await testFolder('tailrace-embedded-')
  await chmod(project, mode)
  t.after(() => rm(project, { recursive: true, force: true, maxRetries: 5 }))
  return join(project, '.tailrace')
}

async function open(t: TestContext, home: string): Promise<EmbeddedServer> {
  const server = await openEmbeddedServer({ home })
  t.after(() => server.release())
  return server
}

interface User extends Pick<EmbeddedServer, 'url' | 'pid' | 'started'> {
  /** Ends the process with a line to its stdin. */
  end(line: 'release' | 'exit'): Promise<void>
  /** Kills the process and its group with -9. */
  kill(): Promise<void>
}

async function startUser(t: TestContext, home: string, as: SpawnOptions = {}): Promise<User> {
  const child = spawn(process.execPath, [fixture, home], { ...as, detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  t.after(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  })
  const { stdin, stdout } = child
  assert.ok(stdin !== null && stdout !== null)
  const [line] = (await Promise.race([once(createInterface({ input: stdout }), 'line'), exited])) as [unknown]
  assert.equal(typeof line, 'string', `the user process ended early: ${String(line)}`)
  return {
    ...(JSON.parse(line as string) as EmbeddedServer),
    end: async (how) => {
      stdin.write(`${how}\n`)
      assert.deepEqual(await exited, [0, null])
    },
    kill: async () => {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
      await exited
    },
  }
}

/** Zombies do not count: only their parent can remove them. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return process.platform !== 'linux' || (existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8')))
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {
    /* the server is killed in some tests */
  })
  try {
    await client.connect()
    return (await client.query(sql)).rows as unknown[]
  } finally {
    await client.end()
  }
}

async function rejected(work: Promise<unknown>, code: string, words: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(Fault.is(error), String(error))
    assert.equal(error.code, code)
    assert.match(error.message, words)
    return true
  })
}
