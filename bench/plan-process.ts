/**
 * One Plan, as `tailrace plan --out` makes it: reads, compares, looks up in the Target, saves. Arguments: config file,
 * name of the Activation, output file. `workMs` is the Plan alone, from reading the first row to writing the last byte.
 */
import { dirname, join } from 'node:path'
import { assembleActivation, connectorsFrom } from '../src/assemble.ts'
import { behaviors } from '../src/behaviors/registry.gen.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { planActivation } from '../src/engine/plan-activation.ts'
import { openControlDatabase } from '../src/store/database/control-database.ts'
import { targets } from '../src/targets/registry.gen.ts'
import { warehouses } from '../src/warehouses/registry.gen.ts'
import { reportMeasured } from './measured.ts'

const [file = '', name = '', out = ''] = process.argv.slice(2)
const connectors = connectorsFrom(targets, warehouses, behaviors)
const activation = await assembleActivation(await loadConfig({ file, env: {}, connectors }), name, connectors)

const database = await openControlDatabase({ home: join(dirname(file), '.tailrace') })
const opened = performance.now()
const details = await planActivation(
  activation,
  {
    database: database.pool,
    now: Date.now,
    random: Math.random,
    worker: `bench:${process.pid}`,
    log: { debug() {}, info() {}, warn: (message, fields) => console.error(message, fields ?? '') },
    progress() {},
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  },
  { exact: true },
  async (plan) => {
    const planned = performance.now()
    await plan.save(out, Date.now() + 3_600_000)
    const { lines, writeCalls, requests } = plan.report
    return { lines, writeCalls, requests, saveMs: performance.now() - planned }
  },
)
const ended = performance.now()
await database.close()
reportMeasured(ended - opened, details)
