import type { Pool } from 'pg'
import { isDatabaseTrouble } from '../../store/database/database-trouble.ts'
import { databaseDisk } from '../../store/database/disk-space.ts'
import { Fault } from '../../model/fault.ts'
import { asEngineFault } from '../delivery/send-slice.ts'

/** Ends of Runs that the control database left alone: each is worth another Run, after a while. */
const databaseFaults: ReadonlySet<string> = new Set([
  'database-unavailable', 'database-disk-full', 'database-out-of-memory', 'database-too-many-connections', 'database-starting', 'budget-unreachable', 'hold-unsure', 'lease-lost',
])

export function isDatabaseFault(code: string): boolean {
  return databaseFaults.has(code)
}

/** Does what asks the control database, whose trouble comes out as a Fault: it passes, and is nobody's mistake. */
export async function withDatabaseFaults<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDatabaseTrouble(error) ? await nameDisk(pool, asEngineFault(error)) : error
  }
}

/** Adds to the Fault of a full disk which one it is, and how much is free there. A server that cannot even tell that leaves it as it is. */
export async function nameDisk(pool: Pool, fault: Fault): Promise<Fault> {
  if (fault.code !== 'database-disk-full') return fault
  const disk = await databaseDisk(pool, fault.message).catch(() => undefined)
  if (disk === undefined) return fault
  const { kind, code, advice, mayHaveApplied, cause } = fault
  return new Fault(kind, `${fault.message.replace(/\.$/, '')} (${disk}).`, { code, mayHaveApplied, cause, ...advice !== undefined && { advice } })
}
