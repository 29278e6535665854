import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { emulators } from '../../targets/emulators.gen.ts'
import { openCommandLine, type ProcessSurroundings } from '../../main.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'
import { testFolder } from './test-folder.ts'

const bin = fileURLToPath(new URL('../../../bin/tailrace.mjs', import.meta.url))
/** Must never appear in the output of any process. */
export const canary = 'canary-7f3a9d51c2e84b06'

type StartIntercom = Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']

export interface CliEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The last line of stdout, parsed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows which command it ran
  json(): any
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly stderr: () => string
  readonly stdout: () => string
  readonly end: Promise<CliEnd>
  /** Polls until `holds` is true. Fails when the process ends before. */
  until(holds: () => boolean): Promise<void>
}

export interface CliBench {
  readonly dir: string
  /** Pool of the control database. */
  readonly pool: TestDatabase['pool']
  readonly intercom: Awaited<ReturnType<StartIntercom>>
  /** Writes tailrace.yaml with the given activations and the usual connections. Returns the path of the file. */
  config(activations: string, file?: string): Promise<string>
  /** Creates or replaces a table in shop.duckdb with one text column `id` and these values. */
  table(name: string, ids: readonly (string | null)[]): Promise<void>
  /**
   * Runs a command line to its end in this process: everything except bin/tailrace.mjs and main's signal handling. A
   * separate process takes five to ten times as long, almost all of it for loading modules.
   */
  tailrace(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    connectors?: ProcessSurroundings['connectors'],
  ): Promise<CliEnd>
  /** Runs a command line in its own process: for tests that stop it or watch it, or that test the process itself. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCli
}

/**
 * A folder, a warehouse, an emulated Intercom and a control database for the tests of one file, and the real program.
 */
export async function tryCli(options: Parameters<StartIntercom>[0] = {}): Promise<CliBench> {
  const { startIntercomEmulator } = await emulators.intercom()
  const dir = await testFolder('tailrace-cli-')
  const database = await testDatabase()
  const intercom = await startIntercomEmulator({ tokens: { [canary]: { scopes: 'all' } }, ...options })
  const running = new Set<ChildProcess>()
  // Command lines in this process run in the folder, as separate processes do.
  const before = process.cwd()
  process.chdir(dir)
  after(async () => {
    process.chdir(before)
    for (const child of running) child.kill('SIGKILL')
    await intercom.close()
    await database.close()
    await rm(dir, { recursive: true, force: true })
  })

  const envWith = (env: Readonly<Record<string, string>>) => ({
    PATH: process.env['PATH'],
    TMPDIR: process.env['TMPDIR'],
    TAILRACE_TEST_RUN: process.env['TAILRACE_TEST_RUN'],
    DATABASE_URL: database.url,
    INTERCOM_TOKEN: canary,
    ...env,
  })
  const start: CliBench['start'] = (args, env = {}) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: envWith(env),
    })
    running.add(child)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const end = once(child, 'close').then(([code]: (number | null)[]): CliEnd => {
      running.delete(child)
      return endOf(args, code ?? null, stdout, stderr)
    })
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        if (!running.has(child)) assert.fail(`tailrace ${args.join(' ')} ended too early\n${stdout}${stderr}`)
        await delay(5)
      }
    }
    return { child, stdout: () => stdout, stderr: () => stderr, end, until }
  }

  return {
    dir,
    pool: database.pool,
    intercom,
    start,
    async config(activations, file = 'tailrace.yaml') {
      await writeFile(
        join(dir, file),
        `warehouses:
  shop: { type: duckdb, path: ./shop.duckdb }
targets:
  support: { type: intercom, token: "\${INTERCOM_TOKEN}", baseUrl: "${intercom.url}", concurrency: 10 }
activations:
${activations}`,
      )
      return join(dir, file)
    },
    async table(name, ids) {
      const instance = await DuckDBInstance.create(join(dir, 'shop.duckdb'))
      const connection = await instance.connect()
      await connection.run(`create or replace table ${name} (id varchar)`)
      const appender = await connection.createAppender(name)
      for (const id of ids) {
        if (id === null) appender.appendNull()
        else appender.appendVarchar(id)
        appender.endRow()
      }
      appender.closeSync()
      connection.closeSync()
      instance.closeSync()
    },
    async tailrace(args, env = {}, connectors) {
      const stdout = collector()
      const stderr = collector()
      let code = 0
      const never = new AbortController().signal
      await openCommandLine(args, {
        cwd: dir,
        env: envWith(env),
        stdout,
        stderr,
        ...(connectors && { connectors }),
        stops: { stop: never, abort: never, take: () => undefined },
        exit(given) {
          code = given
        },
      }).carryOut()
      return endOf(args, code, stdout.text(), stderr.text())
    },
  }
}

function endOf(args: readonly string[], code: number | null, stdout: string, stderr: string): CliEnd {
  assert.ok(
    !stdout.includes(canary) && !stderr.includes(canary),
    `the token came out of: tailrace ${args.join(' ')}\n${stdout}${stderr}`,
  )
  return { code, stdout, stderr, json: () => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') }
}

/** Collects everything that is written to it. */
function collector(): Writable & { text(): string } {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece)
      done()
    },
  })
  return Object.assign(stream, { text: () => Buffer.concat(pieces).toString('utf8') })
}

/** One activation of tailrace.yaml. Default: object `contact_tag`, behavior `attach`. */
export function activation(
  name: string,
  settings: { readonly table: string; readonly tags: string; readonly [key: string]: string },
): string {
  const { table, ...rest } = settings
  const all = {
    warehouse: 'shop',
    query: `select id from ${table}`,
    target: 'support',
    object: 'contact_tag',
    behavior: 'attach',
    identifier: '{ field: id, column: id }',
    ...rest,
  }
  return `  ${name}:\n${Object.entries(all)
    .map(([key, value]) => `    ${key}: ${value}\n`)
    .join('')}`
}
