import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import type { Ports } from '../../engine/ports.ts'
import { runActivation } from '../../engine/run.ts'
import type { mortalPool } from './mortal-pool.ts'

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
