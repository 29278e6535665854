import type { Pool } from 'pg'
import { isDatabaseTrouble } from '../../store/database/database-trouble.ts'
import { databaseDisk } from '../../store/database/disk-space.ts'
import { Fault } from '../../model/fault.ts'
import { asEngineFault } from '../delivery/send-slice.ts'

/** Codes of Faults that the control database caused. Each is worth another Run after a while. */
const databaseFaults: ReadonlySet<string> = new Set([
  'database-unavailable',
  'database-disk-full',
  'database-out-of-memory',
  'database-too-many-connections',
  'database-starting',
  'budget-unreachable',
  'tokens-unreachable',
  'hold-unsure',
  'lease-lost',
])

export function isDatabaseFault(code: string): boolean {
  return databaseFaults.has(code)
}

/** Runs `work` and turns errors of the control database into transient Faults. */
export async function withDatabaseFaults<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDatabaseTrouble(error) ? await nameDisk(pool, asEngineFault(error)) : error
  }
}

/**
 * Adds to the Fault of a full database disk which disk it is, and how much is free. Unchanged if the server cannot say.
 */
export async function nameDisk(pool: Pool, fault: Fault): Promise<Fault> {
  if (fault.code !== 'database-disk-full') return fault
  const disk = await databaseDisk(pool, fault.message).catch(() => undefined)
  if (disk === undefined) return fault
  const { kind, code, advice, mayHaveApplied, cause } = fault
  return new Fault(kind, `${fault.message.replace(/\.$/, '')} (${disk}).`, {
    code,
    mayHaveApplied,
    cause,
    ...(advice !== undefined && { advice }),
  })
}
