import { assembleActivation, assembleTarget, assembleWarehouse } from '../assemble.ts'
import type { ActivationConfig, TailraceConfig } from '../config/config.ts'
import type { Account, Right } from '../connect/target.ts'
import {
  checkActivationMapping, checkActivationQuery, checkActivationTarget, checkTarget, checkWarehouse, type CheckPorts, type OpenedTarget, type OpenWarehouse,
} from '../engine/check.ts'
import { asFault } from '../engine/send-slice.ts'
import type { Fault } from '../model/fault.ts'
import type { NewField } from '../model/field.ts'
import type { Host } from './host.ts'

export interface WarehouseFinding {
  readonly name: string
  readonly type: string
  readonly version?: string
  readonly notices: readonly string[]
  readonly fault?: Fault
}

export interface TargetFinding {
  readonly name: string
  readonly type: string
  readonly as?: Account
  /** `needed`: an Activation writes an object that takes this right. */
  readonly rights: readonly (Right & { readonly needed: boolean })[]
  readonly fault?: Fault
}

export interface ActivationFinding {
  readonly name: string
  readonly columns: readonly string[]
  readonly members: readonly { readonly name: string; readonly id: string | null }[]
  /** What goes to each Field, in words; for objects that have any. */
  readonly mapping?: Readonly<Record<string, string>>
  /** Fields that the first Run would make. */
  readonly fieldsToCreate?: readonly NewField[]
  readonly notices: readonly string[]
  /** Connections that failed, so that not all of it could be checked. */
  readonly unchecked: readonly string[]
  readonly faults: readonly Fault[]
}

/** Told as soon as it is known. */
export interface CheckListener {
  warehouse(finding: WarehouseFinding): Promise<void>
  target(finding: TargetFinding): Promise<void>
  activation(finding: ActivationFinding): Promise<void>
}

/** Tries each Connection, then each Activation on them, and goes on after failures. Changes nothing anywhere. */
export async function checkProject(host: Host, config: TailraceConfig, listener: CheckListener): Promise<void> {
  const { now, random, log, stops } = host
  const ports: CheckPorts = { now, random, log, abort: stops.abort }
  const activations = [...config.activations.values()]
  const warehouses = new Map<string, OpenWarehouse>()
  const targets = new Map<string, OpenedTarget>()
  try {
    for (const { name, type } of config.warehouses.values()) {
      const opened = await attempt(async () => checkWarehouse(await assembleWarehouse(config, name, host.connectors), config.dir, ports))
      if ('fault' in opened) await listener.warehouse({ name, type, notices: [], fault: opened.fault })
      else {
        warehouses.set(name, opened.value)
        await listener.warehouse({ name, type, version: opened.value.version, notices: opened.value.notices })
      }
    }
    for (const { name, type } of config.targets.values()) {
      const opened = await attempt(async () => checkTarget(await assembleTarget(config, name, host.connectors), ports))
      if ('fault' in opened) await listener.target({ name, type, rights: [], fault: opened.fault })
      else {
        targets.set(name, opened.value)
        await listener.target({ name, type, as: opened.value.as, rights: weighed(opened.value.as.rights, name, activations) })
      }
    }
    for (const { name, warehouse, target } of activations) {
      await listener.activation(await tryActivation(host, config, name, warehouses.get(warehouse), targets.get(target)))
    }
  } finally {
    await Promise.all([...warehouses.values()].map(({ session }) => session.close()))
    await Promise.all([...targets.values()].map(({ client }) => client.close()))
  }
}

async function tryActivation(
  host: Host, config: TailraceConfig, name: string, warehouse: OpenWarehouse | undefined, target: OpenedTarget | undefined,
): Promise<ActivationFinding> {
  const activation = await assembleActivation(config, name, host.connectors)
  const query = warehouse && await attempt(() => checkActivationQuery(activation, warehouse.session))
  const tags = target && await attempt(() => checkActivationTarget(activation, target))
  const columns = query !== undefined && 'value' in query ? query.value : undefined
  const fields = target && columns && await attempt(() => checkActivationMapping(activation, columns, target))
  const mapped = fields !== undefined && 'value' in fields ? fields.value : undefined
  const resolved = tags !== undefined && 'value' in tags ? tags.value : undefined
  return {
    name,
    columns: columns?.map((column) => column.name) ?? [],
    members: resolved?.members ?? [],
    ...(mapped !== undefined && { mapping: mapped.words, fieldsToCreate: mapped.toCreate }),
    notices: resolved?.notices ?? [],
    unchecked: [...warehouse ? [] : [activation.warehouse.name], ...target ? [] : [activation.target.name]],
    faults: [query, tags, fields].flatMap((tried) => tried !== undefined && 'fault' in tried ? [tried.fault] : []),
  }
}

function weighed(rights: readonly Right[], target: string, activations: readonly ActivationConfig[]): TargetFinding['rights'] {
  const objects = new Set(activations.filter((activation) => activation.target === target).map(({ object }) => object))
  return rights.map((right) => ({ ...right, needed: right.neededFor.some((object) => objects.has(object)) }))
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly fault: Fault }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { fault: asFault(error) }
  }
}
