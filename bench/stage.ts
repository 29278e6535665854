import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { IntercomEmulatorOptions, RequestCounters } from '../src/targets/intercom/emulator/index.ts'
import { openEmbeddedServer } from '../src/embedded-postgres/embedded-server.ts'
import { measure, serve, type MeasuredProcess } from './spawn.ts'

export const tag = 'Premium Customers'

/**
 * What a benchmark runs on: a PostgreSQL warehouse, an Intercom emulator and a project directory. All are deleted at
 * the end.
 */
export interface Stage {
  readonly warehouseUrl: string
  readonly emulator: { readonly url: string; readonly token: string }
  /** Resets the emulator's workspace and counters. */
  reset(options?: IntercomEmulatorOptions): Promise<void>
  /** What the emulator counted. */
  seen(): Promise<{ readonly counters: RequestCounters; readonly tagged: number; readonly tagId: string }>
  /**
   * Runs this Activation in its own process. A new name is a new Activation without a Snapshot. `analyzed`: updates the
   * control database's statistics first.
   */
  run(activation: BenchActivation, options?: { readonly analyzed?: boolean }): Promise<MeasuredProcess>
  /** Plans the Activation in its own process, and saves the Plan. */
  plan(activation: BenchActivation): Promise<MeasuredProcess & { readonly file: string }>
  close(): Promise<void>
}

export interface BenchActivation {
  readonly name: string
  readonly object: 'contact_tag' | 'company_tag'
  readonly query: string
  readonly delivery: 'batch' | 'single'
}

export async function openStage(emulatorOptions: IntercomEmulatorOptions): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'tailrace-bench-'))
  // A server that is started by root runs as another user. That user must be able to enter this directory.
  await chmod(dir, 0o711)
  const warehouse = await openEmbeddedServer({ home: join(dir, 'warehouse') })
  const emulator = await serve<Stage['emulator']>('emulator-process.ts', [
    JSON.stringify({ tags: [tag], ...emulatorOptions }),
  ])
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(`${emulator.hello.url}/_emulator/${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`the emulator answered ${reply.status} to ${method} ${path}: ${await reply.text()}`)
    return await reply.json()
  }
  const configure = async (activation: BenchActivation): Promise<string> => {
    const file = join(dir, 'tailrace.yaml')
    await writeFile(file, configText(warehouse.url, emulator.hello, activation))
    return file
  }
  return {
    warehouseUrl: warehouse.url,
    emulator: emulator.hello,
    async reset(options = {}) {
      await ask('POST', 'reset', options)
    },
    async seen() {
      const state = (await ask('GET', 'state')) as {
        tags: { id: string; name: string; contact: number; company: number }[]
      }
      const found = state.tags.find(({ name }) => name === tag)
      if (found === undefined) throw new Error('the tag vanished from the emulator')
      return {
        counters: (await ask('GET', 'requests')) as RequestCounters,
        tagged: found.contact + found.company,
        tagId: found.id,
      }
    },
    async run(activation, { analyzed = false } = {}) {
      const config = await configure(activation)
      return await measure('tailrace-process.ts', [config, activation.name, ...(analyzed ? ['analyze'] : [])])
    },
    async plan(activation) {
      const config = await configure(activation)
      const file = join(dir, 'plan.json')
      return { ...(await measure('plan-process.ts', [config, activation.name, file])), file }
    },
    async close() {
      await emulator.close()
      await warehouse.release()
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** JSON is valid YAML. */
function configText(
  warehouseUrl: string,
  { url, token }: Stage['emulator'],
  { name, object, query, delivery }: BenchActivation,
): string {
  return JSON.stringify({
    warehouses: { shop: { type: 'postgres', url: warehouseUrl } },
    targets: { support: { type: 'intercom', token, baseUrl: url } },
    activations: {
      [name]: {
        warehouse: 'shop',
        query,
        target: 'support',
        object,
        behavior: 'attach',
        tags: [tag],
        delivery,
        identifier: { field: 'id', column: 'id' },
      },
    },
  })
}

/** Creates a table with one column `id`: the emulator's ids 1 to `rows` with this prefix, in shuffled order. */
export async function fillTable(warehouseUrl: string, table: string, prefix: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: warehouseUrl })
  await client.connect()
  try {
    await client.query(`create table ${table} (id text primary key)`)
    await client.query(
      `insert into ${table} select $1 || lpad(to_hex(n), 10, '0') from generate_series(1, $2::int) n order by hashint4(n)`,
      [prefix, rows],
    )
    await client.query(`vacuum analyze ${table}`)
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}
