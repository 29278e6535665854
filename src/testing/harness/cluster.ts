import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { emulators } from '../../targets/emulators.gen.ts'
import { openEmbeddedServer } from '../../embedded-postgres/embedded-server.ts'
import { openNetwork, type Machine } from './network-namespaces.ts'
import { tapLine } from '../failures/tcp-proxies.ts'
import { testFolder } from './test-folder.ts'

const bin = fileURLToPath(new URL('../../../bin/tailrace.mjs', import.meta.url))
const password = 'a password of the cluster'
/** Must never appear in the output of any process. */
const token = 'canary-c1a5e00d97f34b12'

/** Data that a worker sends to the control database or to the Target. */
export interface Said {
  readonly worker: ClusterWorker
  readonly to: 'database' | 'target'
  readonly text: string
}

export interface ClusterWorker {
  readonly child: ChildProcess
  readonly machine: Machine
  stderr(): string
}

export interface Cluster {
  readonly workers: readonly ClusterWorker[]
  readonly intercom: Awaited<ReturnType<Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']>>
  /** A direct connection to the PostgreSQL server, for the test itself. */
  readonly pool: pg.Pool
  /** Calls the listener with what workers send, before it arrives. */
  listen(listener: (said: Said) => void): () => void
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any>
  stop(): Promise<void>
}

/**
 * A PostgreSQL, an emulated Intercom, a server and three workers. The server and the workers each run on their own
 * machine in a virtual network.
 */
export async function startCluster({
  index = 0,
  tapped = true,
  contacts = 40,
}: { readonly index?: number; readonly tapped?: boolean; readonly contacts?: number } = {}): Promise<Cluster> {
  const dir = await testFolder('tailrace-cluster-')
  await chmod(dir, 0o755)
  const network = openNetwork(index)
  const ends: (() => unknown)[] = [() => rm(dir, { recursive: true, force: true }), network.remove]
  const children = new Set<ChildProcess>()
  const stop = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL')
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    for (const end of ends.toReversed()) await end()
  }
  try {
    const postgres = await openEmbeddedServer({
      home: join(dir, 'server'),
      settings: { listen_addresses: '*', fsync: 'off', max_connections: '300' },
    })
    ends.push(postgres.release)
    await appendFile(join(postgres.data, 'pg_hba.conf'), 'host all all 10.0.0.0/8 scram-sha-256\n')
    const pool = new pg.Pool({ connectionString: postgres.url })
    pool.on('error', () => {
      /* the next query reports it */
    })
    ends.push(() => pool.end())
    await pool.query('select pg_reload_conf()')
    await pool.query('create table people (id text primary key)')
    const { startIntercomEmulator } = await emulators.intercom()
    const intercom = await startIntercomEmulator({
      host: network.address,
      contacts,
      limit: 100_000,
      tokens: { [token]: { scopes: 'all' } },
    })
    ends.push(() => intercom.close())

    const listeners = new Set<(said: Said) => void>()
    const databaseAt = (host: string, port: string | number): string => {
      const url = new URL(postgres.url)
      url.hostname = host
      url.port = String(port)
      return url.href
    }
    const target = new URL(intercom.url)
    const launch = (machine: Machine, args: readonly string[], env: Readonly<Record<string, string>>) => {
      const [command, all] = machine.on(process.execPath, bin, ...args)
      const child = spawn(command, all, {
        cwd: dir,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          TMPDIR: process.env['TMPDIR'],
          TAILRACE_TEST_RUN: process.env['TAILRACE_TEST_RUN'],
          TAILRACE_SECRET_KEY: 'k'.repeat(44),
          TAILRACE_PASSWORD: password,
          INTERCOM_TOKEN: token,
          INTERCOM_URL: intercom.url,
          WAREHOUSE_URL: databaseAt(network.address, new URL(postgres.url).port),
          ...env,
        },
      })
      children.add(child)
      const said = { stdout: '', stderr: '' }
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said.stdout += text
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said.stderr += text
      })
      return { child, said }
    }
    const ready = async ({ child, said }: ReturnType<typeof launch>): Promise<void> => {
      while (!said.stdout.includes('\n')) {
        if (child.exitCode !== null)
          assert.fail(`a process of the cluster ended too early\n${said.stdout}${said.stderr}`)
        await delay(20)
      }
    }

    const serverMachine = network.machine('s')
    const server = launch(
      serverMachine,
      ['up', '--no-worker', '--host', serverMachine.address, '--port', '4000', '--json'],
      { DATABASE_URL: databaseAt(network.address, new URL(postgres.url).port) },
    )
    await ready(server)
    const workers: ClusterWorker[] = []
    for (const name of ['a', 'b', 'c']) {
      const machine = network.machine(name)
      const keep =
        (to: Said['to']) =>
        (text: string): void => {
          const worker = workers.find((each) => each.machine === machine)
          if (worker !== undefined) for (const listener of listeners) listener({ worker, to, text })
        }
      const lines = tapped
        ? await Promise.all([
            tapLine(network.address, { host: '127.0.0.1', port: Number(new URL(postgres.url).port) }, keep('database')),
            tapLine(network.address, { host: target.hostname, port: Number(target.port) }, keep('target')),
          ])
        : []
      for (const line of lines) ends.push(line.close)
      const running = launch(machine, ['worker', '--json', '--concurrency', '2'], {
        DATABASE_URL: databaseAt(network.address, lines[0]?.port ?? new URL(postgres.url).port),
        ...(lines[1] && { INTERCOM_URL: `http://${network.address}:${lines[1].port}` }),
      })
      workers.push({ child: running.child, machine, stderr: () => running.said.stderr })
      await ready(running)
    }
    return {
      workers,
      intercom,
      pool,
      stop,
      listen(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      async call(method, path, body) {
        const reply = await fetch(`http://${serverMachine.address}:4000${path}`, {
          method,
          headers: {
            authorization: `Bearer ${password}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const given = (await reply.json()) as unknown
        assert.ok(reply.ok, `${method} ${path}: ${JSON.stringify(given)}\n${server.said.stderr}`)
        return given
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
