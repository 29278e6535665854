import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import type { Ports } from '../../engine/ports.ts'
import { runActivation } from '../../engine/run.ts'
import { mortalPool } from './cut-pools.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import type { TestDatabase } from '../harness/test-database.ts'

/**
 * Runs on a pool that dies, and returns when the server has released the dead process's lock. Returns the report if the
 * Run ended before.
 */
export async function runAndDie(
  activation: Activation,
  ports: Ports,
  mortal: ReturnType<typeof mortalPool>,
): Promise<RunReport | undefined> {
  let report: RunReport | undefined
  try {
    report = await runActivation(activation, { ...ports, database: mortal.pool }, { allow: ['empty'] })
  } catch (error) {
    if (!mortal.dead) throw error
  } finally {
    await mortal.bury()
  }
  // The server releases the lock when it notices the cut connections.
  while (!(await lockIsFree(ports, activation.name))) await new Promise((resolve) => setImmediate(resolve))
  return mortal.dead ? undefined : report
}

async function lockIsFree(ports: Ports, name: string): Promise<boolean> {
  const { rows } = await ports.database.query<{ held: boolean }>(
    `select exists (select from pg_locks l join activation a on a.name = $1 and l.objid = a.id::bigint::oid
       where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())) as held`,
    [name],
  )
  return rows[0]?.held !== true
}

/**
 * Runs an Activation in a process that dies when the response to this call arrives, before it is settled. False: the
 * process survived.
 */
export async function dieAtCall(
  activation: Activation,
  database: Pick<TestDatabase, 'pool' | 'url'>,
  call: number,
): Promise<boolean> {
  const mortal = mortalPool(database.url, 'tailrace')
  const abort = new AbortController()
  let answers = 0
  const log: Ports['log'] = {
    debug(message) {
      if (message === 'request') answers += 1
      // Other requests in flight are lost with the process.
      if (message === 'request' && answers === call) {
        mortal.kill()
        abort.abort()
      }
    },
    info: () => undefined,
    warn: () => undefined,
  }
  await runAndDie(activation, { ...quietPorts(database.pool), log, abort: abort.signal }, mortal)
  return mortal.dead
}
