/**
 * `npm run bench`: compares the cost of Tailrace with that of a minimal program, side by side in one run. Method and
 * figures: docs/benchmarks.md.
 *
 *   npm run bench -- [--only first|unchanged|plan|calls|used|http|window|server]… [--quick] [--json FILE]
 */
import { writeFile } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { benchFirstRun, firstRunLines } from './first-run.ts'
import { benchHttpClient, httpClientLines } from './http-client.ts'
import { benchPlan, planLines } from './plan.ts'
import { benchPlannedCalls, plannedCallsLines } from './planned-calls.ts'
import { benchServer, serverLines } from './server.ts'
import { openStage } from './stage.ts'
import { benchUnchangedRun, unchangedRunLines } from './unchanged-run.ts'
import { benchUsedDatabase, usedDatabaseLines } from './used-database.ts'
import { benchWindowUse, windowUseLines } from './window-use.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const known = ['first', 'unchanged', 'plan', 'calls', 'used', 'http', 'window', 'server']
// The window benchmark takes three minutes on any machine, so `--quick` skips it.
const wanted = values.only ?? known.filter((name) => name !== 'window' || !values.quick)
for (const name of wanted) if (!known.includes(name)) throw new Error(`--only ${name}: expected ${known.join(', ')}`)
const { quick } = values

const figures: Record<string, unknown> = {}
const print = (lines: readonly string[]): void => console.log(`\n${lines.join('\n')}`)

const machine = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memoryGb: Math.round(totalmem() / 1e9),
  system: `${process.platform} ${release()}`,
}
figures['machine'] = machine
console.log(
  `${machine.date.slice(0, 16)} · ${machine.cpu} · ${machine.memoryGb} GB · ${machine.system} · Node ${machine.node}`,
)

if (['first', 'unchanged', 'plan', 'calls', 'used'].some((name) => wanted.includes(name))) {
  const rows = quick ? 100_000 : 1_000_000
  // The limit is out of reach, so that the figures show Tailrace and not the wait for a vendor.
  const stage = await openStage({ contacts: 10_000, companies: rows, limit: 100_000_000 })
  try {
    if (wanted.includes('first')) {
      const latencies = [
        { latencyMs: 0, rounds: quick ? 3 : 5 },
        { latencyMs: 50, rounds: quick ? 1 : 3 },
      ]
      const found = await benchFirstRun(stage, { records: 10_000, latencies })
      print(firstRunLines(found))
      figures['first'] = found
    }
    if (wanted.includes('unchanged')) {
      const found = await benchUnchangedRun(stage, { rows, rounds: quick ? 3 : 5 })
      print(unchangedRunLines(found))
      figures['unchanged'] = found
    }
    if (wanted.includes('plan')) {
      const found = await benchPlan(stage, { rows, rounds: quick ? 1 : 3 })
      print(planLines(found))
      figures['plan'] = found
    }
    if (wanted.includes('calls')) {
      const found = await benchPlannedCalls(stage, { records: 10_000 })
      print(plannedCallsLines(found))
      figures['calls'] = found
    }
    if (wanted.includes('used')) {
      const found = await benchUsedDatabase(stage, {
        beside: rows,
        companies: rows / 10,
        contacts: 10_000,
        rounds: quick ? 1 : 3,
      })
      print(usedDatabaseLines(found))
      figures['used'] = found
    }
  } finally {
    await stage.close()
  }
}
if (wanted.includes('http')) {
  const found = await benchHttpClient({ calls: 20_000, rounds: quick ? 3 : 5 })
  print(httpClientLines(found))
  figures['http'] = found
}
if (wanted.includes('window')) {
  const found = [
    await benchWindowUse({ limit: 167, latencyMs: 50 }),
    await benchWindowUse({ limit: 1667, latencyMs: 50 }),
  ]
  print(windowUseLines(found))
  figures['window'] = found
}
if (wanted.includes('server')) {
  const size = quick
    ? { activations: 100, runs: 10_000, records: 100_000 }
    : { activations: 1000, runs: 100_000, records: 1_000_000 }
  const found = await benchServer({ size, rounds: quick ? 1 : 3, requests: quick ? 100 : 400 })
  print(serverLines(found))
  figures['server'] = found
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`)
