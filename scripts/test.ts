/**
 * `npm test [-- PART-OF-A-PATH …]`: every *.test.ts, two files at a time. Failures are printed in full, skipped tests with their
 * reason, and the last line is always `N passed, N failed`. Fails when nothing ran, and when a test left a process behind.
 */
import { globSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { ensurePostgres15 } from './postgres-15.ts'
import { endLeftovers, findLeftovers } from './leftovers.ts'
import { report, type Tally } from './test-report.ts'

const wanted = process.argv.slice(2)
const files = globSync(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'])
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()

const postgres15 = await ensurePostgres15()
// Everything temporary goes below one directory, by which a leftover process is known. A database server that
// runs as another user must be able to enter it.
const scratch = await mkdtemp(join(tmpdir(), 'tailrace-test-'))
await chmod(scratch, 0o755)
process.env['TMPDIR'] = scratch
process.env['TAILRACE_TEST_RUN'] = scratch
if (postgres15 !== undefined) process.env['TAILRACE_TEST_POSTGRES_15'] = postgres15

const tally: Tally = files.length === 0
  ? { passed: 0, failed: 0, skipped: 0 }
  : await report(run({ files, concurrency: 2, timeout: 300_000 }))

const leftovers = await findLeftovers(scratch)
for (const leftover of leftovers) console.log(`LEFT BEHIND by a test: process ${leftover.pid}: ${leftover.command}`)
await endLeftovers(leftovers)
await rm(scratch, { recursive: true, force: true })

const failed = tally.failed + leftovers.length
if (tally.passed + tally.failed === 0) console.log(`No test ran: no file matches ${wanted.join(', ') || '*.test.ts'}, or all were skipped.`)
console.log(`${tally.passed} passed, ${failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`)
process.exitCode = failed > 0 || tally.passed === 0 ? 1 : 0
