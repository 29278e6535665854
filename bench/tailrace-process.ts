/**
 * One Run, as `tailrace run` does it: reads the config, opens the control database beside it (the embedded server), and
 * runs the Activation with the real connectors. Arguments: config file, name of the Activation, and optionally
 * `analyze`, which updates the database's statistics first. `workMs` is the Run alone.
 */
import { dirname, join } from 'node:path'
import { assembleActivation, connectorsFrom } from '../src/assemble.ts'
import { behaviors } from '../src/behaviors/registry.gen.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { runActivation } from '../src/engine/run.ts'
import { openControlDatabase } from '../src/store/database/control-database.ts'
import { targets } from '../src/targets/registry.gen.ts'
import { warehouses } from '../src/warehouses/registry.gen.ts'
import { reportMeasured } from './measured.ts'

const [file = '', name = '', before = ''] = process.argv.slice(2)
const connectors = connectorsFrom(targets, warehouses, behaviors)
const activation = await assembleActivation(await loadConfig({ file, env: {}, connectors }), name, connectors)

const opening = performance.now()
const database = await openControlDatabase({ home: join(dirname(file), '.tailrace') })
if (before === 'analyze') await database.pool.query('analyze')
const opened = performance.now()
const report = await runActivation(activation, {
  database: database.pool,
  now: Date.now,
  random: Math.random,
  worker: `bench:${process.pid}`,
  log: { debug() {}, info() {}, warn: (message, fields) => console.error(message, fields ?? '') },
  progress() {},
  stop: new AbortController().signal,
  abort: new AbortController().signal,
})
const ended = performance.now()
await database.close()
const { status, counts, requests, fault } = report
reportMeasured(ended - opened, {
  status,
  counts,
  requests,
  fault: fault?.message,
  openMs: opened - opening,
  closeMs: performance.now() - ended,
})
