/**
 * `npm test [-- PART-OF-A-PATH …]` runs every *.test.ts: two files at a time, and beside them one file that mostly
 * waits. The store's tests run again on PostgreSQL 15. `npm run test:deep` runs only the deep suites, with large
 * samples.
 * Prints failures in full, skipped tests with their reason, and the slowest files. The last line is always `N passed, N
 * failed`. Fails when no test ran, or when a test left a process behind.
 * Tests of the web UI (web/e2e) drive a browser. The UI is built first if its sources changed.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { run } from 'node:test'
import { ensureChromium } from './chromium.ts'
import { deepSuites, waitingSuites } from './test-suites.ts'
import { endLeftovers, findLeftovers, type Leftover } from './leftovers.ts'
import { ensurePostgres15, startPostgres15 } from './postgres-15.ts'
import { memoryFolder } from './memory-folder.ts'
import { add, none, report, slowest, type Tally } from './test-report.ts'

const isDeep = process.argv[2] === '--deep'
const wanted = process.argv.slice(isDeep ? 3 : 2)
const files = globSync(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'web/e2e/*.test.ts'])
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .filter((file) => !isDeep || deepSuites.some((suite) => file.startsWith(suite)))
  .toSorted()
  .toSorted((a, b) => (isDeep ? placeIn(deepSuites, a) - placeIn(deepSuites, b) : 0))
const drivesBrowser = files.some((file) => file.startsWith('web/e2e/'))
/** Tests that use the control database with SQL and start no server of their own. */
const storeFiles = files.filter((file) => /^src\/(store|bookkeeping)\//.test(file))

// Everything temporary goes below one directory. Its name marks the processes of this test run. A database server that
// runs as another user must be able to enter it.
const scratch = await mkdtemp(join(tmpdir(), 'tailrace-test-'))
await chmod(scratch, 0o755)
const mark = basename(scratch)
const databases = (await memoryFolder(mark)) ?? scratch
process.env['TMPDIR'] = scratch
process.env['TAILRACE_TEST_DATABASES'] = databases
process.env['TAILRACE_TEST_RUN'] = mark
// Compiling imports takes half the time of a small test.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/test')
if (isDeep) process.env['DEEP'] = '1'

// Without a browser, these tests skip and say so. Without a UI, they would fail for an unrelated reason.
if (
  drivesBrowser &&
  ensureChromium() &&
  spawnSync(process.execPath, [join(import.meta.dirname, 'build-web.ts')], { stdio: 'inherit' }).status !== 0
)
  process.exit(1)

let tally = none
let leftovers: Leftover[] = []
try {
  tally = add(await runFiles(files, ''), isDeep ? none : await runOnPostgres15())
} finally {
  leftovers = await findLeftovers(mark)
  for (const leftover of leftovers) console.log(`LEFT BEHIND by a test: process ${leftover.pid}: ${leftover.command}`)
  await endLeftovers(leftovers)
  for (const folder of new Set([scratch, databases])) await rm(folder, { recursive: true, force: true })
}

const failed = tally.failed + leftovers.length
console.log(
  `\nSlowest:\n${slowest(tally, 10)
    .map((line) => `  ${line}`)
    .join('\n')}`,
)
if (tally.skipped.length > 0) console.log(`\nSkipped:\n${tally.skipped.map((line) => `  ${line}`).join('\n')}`)
if (tally.passed + tally.failed === 0)
  console.log(`No test ran: no file matches ${wanted.join(', ') || '*.test.ts'}, or all were skipped.`)
console.log(
  `${tally.passed} passed, ${failed} failed${tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : ''}`,
)
process.exitCode = failed > 0 || tally.passed === 0 ? 1 : 0

async function runFiles(some: readonly string[], on: string): Promise<Tally> {
  const { waiting = [], computing = [] } = Object.groupBy(some, (file) =>
    placeIn(waitingSuites, file) < 0 ? 'computing' : 'waiting',
  )
  const timeout = isDeep ? 3_600_000 : 900_000
  const [first, second] = await Promise.all([
    waiting.length === 0 ? none : report(run({ files: waiting, concurrency: 1, timeout }), on),
    computing.length === 0 ? none : report(run({ files: computing, concurrency: 2, timeout }), on),
  ])
  return add(first, second)
}

function placeIn(suites: readonly string[], file: string): number {
  return suites.findIndex((suite) => file.startsWith(suite))
}

async function runOnPostgres15(): Promise<Tally> {
  if (storeFiles.length === 0 || process.env['TAILRACE_TEST_DATABASE_URL'] !== undefined) return none
  if (!ensurePostgres15())
    return {
      ...none,
      skipped: [`src/store on PostgreSQL 15: /usr/lib/postgresql/15 is missing, and only root can install it`],
    }
  const server = await startPostgres15(databases)
  process.env['TAILRACE_TEST_DATABASE_URL'] = server.url
  try {
    return await runFiles(storeFiles, ' on PostgreSQL 15')
  } finally {
    delete process.env['TAILRACE_TEST_DATABASE_URL']
    server.stop()
  }
}
