import type { Io, Memory } from '../connect/io.ts'
import type { ConnectedAs, Resolved, TargetObject, TargetSpec } from '../connect/target.ts'
import type { Warehouse, WarehouseCheck, WarehouseSession } from '../connect/warehouse.ts'
import type { Field } from '../model/field.ts'
import type { Column } from '../model/row.ts'
import type { Activation, Connection } from './activation.ts'
import { checkQuery } from './steps/read/check-query.ts'
import { createHttpClient } from '../http/http-client.ts'
import type { HttpClient } from '../http/http-client-contract.ts'
import { mapFields, type MappingPlan } from './steps/read/map-fields.ts'
import { openPatiently } from './steps/open/patient-session.ts'
import type { Ports } from './ports.ts'

/** Ports that checks need. No control database, because checks save nothing but OAuth tokens. */
export type CheckPorts = Pick<Ports, 'now' | 'random' | 'log' | 'abort' | 'proxies' | 'tokens'>

export interface OpenWarehouse extends WarehouseCheck {
  readonly session: WarehouseSession
}

/** Connects to a Warehouse. The caller closes the session. Throws a Fault if it cannot connect. */
export async function checkWarehouse(
  connection: Connection<Warehouse>,
  baseDir: string,
  ports: CheckPorts,
): Promise<OpenWarehouse> {
  const session = await openPatiently(connection, { baseDir, log: ports.log, signal: ports.abort })
  try {
    return { session, ...(await session.check()) }
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

/**
 * Connects to a Target and tries each permission. The caller closes the client. Throws a Fault if it cannot connect.
 */
export async function checkTarget(connection: Connection<TargetSpec>, ports: CheckPorts): Promise<OpenedTarget> {
  const { client, io } = reachTarget(connection, ports)
  try {
    return { client, io, as: await connection.spec.check(io) }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** A client to read from a Target. Sends nothing yet. The caller closes it. */
export function reachTarget(
  { spec, config, secrets }: Connection<TargetSpec>,
  { now, random, log, proxies, tokens, abort: signal }: CheckPorts,
): Pick<OpenedTarget, 'client' | 'io'> {
  const client = createHttpClient({
    policy: spec.http(config),
    secrets,
    signal,
    now,
    random,
    log,
    patienceMs: 10_000,
    ...(proxies && { proxies }),
    ...(tokens && { tokens }),
  })
  return { client, io: { config, http: client, log, signal, memory: forgetful } }
}

/** The custom objects that the account has now. Their labels are the account's own. */
export async function listCustomObjects(
  connection: Connection<TargetSpec>,
  ports: CheckPorts,
): Promise<readonly TargetObject[]> {
  const { customObjects } = connection.spec
  if (customObjects === undefined) return []
  const { client, io } = reachTarget(connection, ports)
  try {
    const listed = await customObjects.list(io)
    return listed.flatMap(({ id, label }) => {
      const object = customObjects.object(id)
      return object === undefined ? [] : [{ ...object, label }]
    })
  } finally {
    await client.close()
  }
}

/** The object's Fields as the Target lists them now. Empty if it has none. */
export async function listFields(
  connection: Connection<TargetSpec>,
  object: TargetObject,
  ports: CheckPorts,
): Promise<readonly Field[]> {
  const { client, io } = reachTarget(connection, ports)
  try {
    return (await object.fields?.list(io)) ?? []
  } finally {
    await client.close()
  }
}

/** Groups of this object that exist, such as all tags. Undefined if the Target does not list them. */
export async function listGroups(
  connection: Connection<TargetSpec>,
  object: TargetObject,
  ports: CheckPorts,
): Promise<readonly { readonly name: string; readonly id: string }[] | undefined> {
  if (object.group?.list === undefined) return undefined
  const { client, io } = reachTarget(connection, ports)
  try {
    return await object.group.list(io)
  } finally {
    await client.close()
  }
}

/** Checks that the query returns the mapped columns, with types that can identify. Reads no rows. */
export async function checkActivationQuery(
  activation: Activation,
  session: WarehouseSession,
): Promise<readonly Column[]> {
  const columns = await session.columns(activation.query)
  checkQuery(activation, columns)
  return columns
}

/** Checks that the Target has what the settings name. */
export function checkActivationTarget(
  activation: Activation,
  { io }: Pick<OpenedTarget, 'io'>,
): Promise<Resolved<unknown>> {
  return activation.object.resolve(io, activation.settings)
}

/** Checks the mapping against the query's columns and the Target's Fields. Undefined if the object has no Fields. */
export async function checkActivationMapping(
  activation: Activation,
  columns: readonly Column[],
  { io }: OpenedTarget,
): Promise<MappingPlan | undefined> {
  const { object } = activation
  return mapFields(activation, columns, { fields: (await object.fields?.list(io)) ?? [] })
}

const forgetful: Memory = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
}
