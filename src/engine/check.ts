import type { Io, Memory } from '../connect/io.ts'
import type { ConnectedAs, Resolved, TargetSpec } from '../connect/target.ts'
import type { WarehouseSession, WarehouseSpec } from '../connect/warehouse.ts'
import type { Column } from '../model/row.ts'
import type { Activation, Connection } from './activation.ts'
import { checkQuery } from './check-query.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'
import type { Ports } from './ports.ts'

/** What checks need of a process: no control database, since nothing is remembered. */
export type CheckPorts = Pick<Ports, 'now' | 'random' | 'log' | 'abort'>

export interface OpenWarehouse {
  readonly session: WarehouseSession
  readonly version: string
  readonly notices: readonly string[]
}

/** Connects to a Warehouse. The caller closes the session. Throws a Fault when it cannot. */
export async function checkWarehouse(connection: Connection<WarehouseSpec>, baseDir: string, ports: CheckPorts): Promise<OpenWarehouse> {
  const session = await connection.spec.open(connection.config, { baseDir, log: ports.log })
  try {
    return { session, ...await session.check() }
  } catch (error) {
    await session.close()
    throw error
  }
}

export interface OpenedTarget {
  readonly client: HttpClient
  readonly io: Io
  readonly as: ConnectedAs
}

/** Connects to a Target and tries each right. The caller closes the client. Throws a Fault when it cannot connect at all. */
export async function checkTarget({ spec, config, secrets }: Connection<TargetSpec>, ports: CheckPorts): Promise<OpenedTarget> {
  const { now, random, log, abort: signal } = ports
  const client = createHttpClient({ policy: spec.http(config), secrets, signal, now, random, log, patienceMs: 10_000 })
  const io: Io = { http: client, log, signal, memory: forgetful }
  try {
    return { client, io, as: await spec.check(io, config) }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** Has the query the mapped column, of a type that identifies? Its rows are not read. */
export async function checkActivationQuery(activation: Activation, session: WarehouseSession): Promise<readonly Column[]> {
  const columns = await session.columns(activation.query)
  checkQuery(activation, columns)
  return columns
}

/** Does the Target have what the settings name? */
export function checkActivationTarget(activation: Activation, { io }: OpenedTarget): Promise<Resolved<unknown>> {
  return activation.object.resolve(io, activation.target.config, activation.settings)
}

const forgetful: Memory = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
}
