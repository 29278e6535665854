/** A process that calls an account as fast as it may until the parent disconnects. Argument: its task as JSON. */
import { Fault } from '../../model/fault.ts'
import { openControlDatabase } from '../../store/database/control-database.ts'
import { createHttpClient } from '../http-client.ts'
import { limitBudgets } from './limit-budgets.ts'
import { windowLimit } from '../../testing/simulated/window-limit.ts'

interface Task {
  readonly baseUrl: string
  readonly token: string
  readonly databaseUrl: string
  readonly windowMs: number
  readonly reserve: number
}

const { baseUrl, token, databaseUrl, windowMs, reserve } = JSON.parse(process.argv[2] ?? '') as Task
const database = await openControlDatabase({ home: '/nowhere', databaseUrl, poolSize: 2 })
const client = createHttpClient({
  policy: {
    baseUrl,
    auth: { bearer: token },
    concurrency: 10,
    limits: [windowLimit(1, windowMs, reserve)],
  },
  secrets: [],
  signal: new AbortController().signal,
  now: Date.now,
  random: Math.random,
  log: { debug() {}, info() {}, warn() {} },
})
client.useBudgets(limitBudgets(database.pool, () => 'test/one', `p${process.pid}`))

let stopped = false
process.once('disconnect', () => (stopped = true))
const call = async (): Promise<void> => {
  while (!stopped) {
    await client.send({ method: 'GET', path: '/me', effect: 'read', repeatable: true }).catch((error: unknown) => {
      // The test may cut the connection to the database for any length of time.
      if (!Fault.is(error) || error.code !== 'budget-unreachable') throw error
    })
  }
}
const calls = Array.from({ length: 20 }, call)
await Promise.race(calls.map(() => client.send({ method: 'GET', path: '/me', effect: 'read', repeatable: true })))
process.send?.('started')
await Promise.all(calls)
await client.close()
await database.close()
