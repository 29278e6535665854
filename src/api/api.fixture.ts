import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import type { FastifyInstance } from 'fastify'
import type { TargetSpec } from '../connect/target.ts'
import { connectorsFrom } from '../assemble.ts'
import { behaviors } from '../behaviors/registry.gen.ts'
import { createRunHub } from '../engine/jobs/run-hub.ts'
import { emulators } from '../targets/emulators.gen.ts'
import { createSealer } from '../store/project/sealer.ts'
import { targets } from '../targets/registry.gen.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { warehouses } from '../warehouses/registry.gen.ts'
import { createApp } from './create-app.ts'
import { entryReferences } from './project/entry-references.ts'
import { entryEnv } from './project/project-config.ts'
import { openProject } from './project/saved-project.ts'
import type { Access, Services } from './services.ts'
import { databaseTokens } from '../http/auth/database-tokens.ts'
import { createSecretRegistry } from '../http/redact.ts'

/** A secret that must never appear in a reply or in the log. */
export const canary = 'canary-51c2e84b067f3a9d'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  /** The parsed body. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any
}

type StartIntercom = Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']

export interface ApiBench {
  readonly app: FastifyInstance
  readonly services: Services
  readonly dir: string
  readonly intercom: Awaited<ReturnType<StartIntercom>>
  /** Everything that was logged. */
  readonly logged: () => string
  /** Activations that a route started, and names that a route reported as changed. */
  readonly started: readonly string[]
  readonly changed: readonly string[]
  now: number
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>
  /** Runs SQL in shop.duckdb. */
  duckdb(sql: string): Promise<void>
  /** Adds the Warehouse `shop` and the Target `support`. */
  connect(): Promise<void>
}

/** The API on a real control database, with DuckDB and an emulated Intercom. Searches all output for the canary. */
export async function tryApi(
  options: {
    readonly access?: Access
    readonly proxies?: string
    readonly ui?: string
    readonly env?: Readonly<Record<string, string>>
    /** Beside the built-in ones. */
    readonly targets?: Readonly<Record<string, () => Promise<TargetSpec>>>
  } = {},
): Promise<ApiBench> {
  const { startIntercomEmulator } = await emulators.intercom()
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-api-')))
  const [database, intercom] = await Promise.all([
    testDatabase(),
    startIntercomEmulator({ tokens: { [canary]: { scopes: 'all' } } }),
  ])
  const sealer = createSealer(Buffer.alloc(32, 7))
  const lines: string[] = []
  const started: string[] = []
  const changed: string[] = []
  const note = (level: string) => (message: string, fields?: object) =>
    void lines.push(JSON.stringify({ level, message, ...fields }))
  const { hide, redact } = createSecretRegistry()
  const project = openProject({
    database: database.pool,
    sealer,
    hide,
    dir,
    env: entryEnv(options.env ?? {}),
    references: entryReferences(options.env ?? {}, dir),
    connectors: connectorsFrom({ ...targets, ...options.targets }, warehouses, behaviors),
  })
  const stop = new AbortController()
  const bench = { now: Date.now() }
  const services: Services = {
    database: {
      ...database,
      schema: 'tailrace',
      applicationName: 'tailrace test',
      now: Date.now,
      description: 'PostgreSQL of the tests',
      embedded: true,
    },
    project,
    sealer,
    tokens: databaseTokens({ pool: () => database.pool, sealer: () => sealer, worker: 'test' }),
    redact,
    access: options.access ?? { kind: 'local' },
    proxies: options.proxies,
    abort: stop.signal,
    now: () => bench.now,
    random: Math.random,
    log: { debug: note('debug'), info: note('info'), warn: note('warn') },
    server: {
      version: '0.0.0',
      startedAt: bench.now,
      worker: 'test:1',
      concurrency: 2,
      keepRunsDays: 90,
      home: join(dir, '.tailrace'),
      configFile: null,
    },
    runs: {
      running: 0,
      start: (name) => {
        started.push(name)
        return Promise.resolve(null)
      },
      undo: () => Promise.resolve(null),
      unqueue: () => Promise.resolve(),
      changed: (names) => void changed.push(...names),
      hub: createRunHub(Date.now),
    },
    ...(options.ui !== undefined && { ui: options.ui }),
  }
  const app = await createApp(services)
  after(async () => {
    stop.abort()
    await app.close()
    await intercom.close()
    await database.close()
    await rm(dir, { recursive: true, force: true })
    assert.ok(!lines.join('\n').includes(canary), 'the canary stands in the log')
  })

  const call: ApiBench['call'] = async (method, path, body, headers = {}) => {
    const reply = await app.inject({
      method,
      url: path,
      headers: { host: 'localhost:4000', ...headers },
      ...(body !== undefined && { payload: body as object }),
    })
    assert.ok(
      !reply.body.includes(canary) && !JSON.stringify(reply.headers).includes(canary),
      `the canary came out of ${method} ${path}: ${reply.body}`,
    )
    const isJson = /json/.test(String(reply.headers['content-type']))
    return {
      status: reply.statusCode,
      headers: reply.headers,
      text: reply.body,
      body: isJson ? (JSON.parse(reply.body) as unknown) : reply.body,
    }
  }
  const duckdb: ApiBench['duckdb'] = async (sql) => {
    const instance = await DuckDBInstance.create(join(dir, 'shop.duckdb'))
    const connection = await instance.connect()
    await connection.run(sql)
    connection.closeSync()
    instance.closeSync()
  }
  return Object.assign(bench, {
    app,
    services,
    dir,
    intercom,
    logged: () => lines.join('\n'),
    started,
    changed,
    call,
    duckdb,
    async connect() {
      await duckdb(
        'create table if not exists customers (intercom_id varchar, email varchar, plan varchar, amount decimal(10, 2))',
      )
      const made = [
        await call('POST', '/api/warehouses', { name: 'shop', type: 'duckdb', config: { path: './shop.duckdb' } }),
        await call('POST', '/api/targets', {
          name: 'support',
          type: 'intercom',
          config: { token: canary, baseUrl: intercom.url, concurrency: 10 },
        }),
      ]
      assert.deepEqual(
        made.map(({ status }) => status),
        [201, 201],
        made.map(({ text }) => text).join('\n'),
      )
    },
  })
}
