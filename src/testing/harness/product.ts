import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { emulators } from '../../targets/emulators.gen.ts'
import { testFolder } from './test-folder.ts'

const bin = fileURLToPath(new URL('../../../bin/tailrace.mjs', import.meta.url))

/** Must never appear in the server's output or on a page. */
export const productToken = 'canary-2d91c5e07ab34f68'

type Intercom = Awaited<ReturnType<Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']>>
type IntercomOptions = NonNullable<
  Parameters<Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']>[0]
>

export interface Product {
  /** The address to open in a browser. */
  readonly url: string
  /** The directory of `tailrace up` and of shop.duckdb. */
  readonly dir: string
  readonly intercom: Intercom
  /** Runs SQL in shop.duckdb. */
  sql(statements: string): Promise<void>
  /** Calls the API as a script would. Throws on an error response. */
  api(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  ): Promise<any>
  /** Waits until no Run is active and every Activation has run. */
  quiet(): Promise<void>
  /** Adds the Warehouse `shop` and the Target `support`. */
  connect(): Promise<void>
  stop(): Promise<void>
}

/**
 * A new installation: `tailrace up` in its own process on a free port, with an embedded control database, a DuckDB file
 * and an emulated Intercom.
 */
export async function startProduct({
  tables,
  intercom: options = {},
}: {
  readonly tables: string
  readonly intercom?: IntercomOptions
}): Promise<Product> {
  const { startIntercomEmulator } = await emulators.intercom()
  const dir = await testFolder('tailrace-product-')
  const [intercom, server] = await Promise.all([
    startIntercomEmulator({ tokens: { [productToken]: { scopes: 'all' } }, ...options }),
    start(dir, ['--json', 'up', '--port', '0'], /"url":"(http[^"]+)"/),
  ])
  const sql: Product['sql'] = async (statements) => {
    const instance = await DuckDBInstance.create(join(dir, 'shop.duckdb'))
    const connection = await instance.connect()
    await connection.run(statements)
    connection.closeSync()
    instance.closeSync()
  }
  const api: Product['api'] = async (method, path, body, headers = {}) => {
    const reply = await fetch(new URL(path, server.url), {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${reply.status} ${method} ${path}: ${text}`)
    return JSON.parse(text) as unknown
  }
  await sql(tables)
  return {
    url: server.url,
    dir,
    intercom,
    sql,
    api,
    async quiet() {
      const standing = async (): Promise<readonly { readonly state: string }[]> =>
        (await api('GET', '/api/activations?limit=200')).items
      while ((await standing()).some(({ state }) => state === 'running' || state === 'never run')) await delay(50)
    },
    async connect() {
      await api('POST', '/api/warehouses', { name: 'shop', type: 'duckdb', config: { path: './shop.duckdb' } })
      await api('POST', '/api/targets', {
        name: 'support',
        type: 'intercom',
        config: { token: productToken, baseUrl: intercom.url, concurrency: 10 },
      })
    },
    async stop() {
      await server.stop()
      await intercom.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export interface RunningProgram {
  /** The address to open in a browser. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts `tailrace demo` in this folder and waits until its Runs are done. */
export async function startDemo(dir: string): Promise<RunningProgram> {
  return await start(dir, ['--json', 'demo'], /"server":"(http[^"]+)"/)
}

/** Starts the real program and waits until it has printed its address. */
async function start(dir: string, args: readonly string[], ready: RegExp): Promise<RunningProgram> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      TAILRACE_TEST_RUN: process.env['TAILRACE_TEST_RUN'],
    },
  })
  let said = ''
  const closed = once(child, 'close')
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const found = ready.exec(said)?.[1]
    if (found !== undefined) resolve(found)
  })
  void closed.then(() => reject(new Error(`tailrace ${args.join(' ')} ended too early:\n${said}`)))
  return {
    url: await url,
    async stop() {
      child.kill('SIGTERM')
      await closed
      assert.ok(!said.includes(productToken), `the token came out of tailrace ${args.join(' ')}:\n${said}`)
    },
  }
}
