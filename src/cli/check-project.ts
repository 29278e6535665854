import type { TokenStore } from '../http/auth/token-store.ts'
import { assembleActivation, assembleTarget, assembleWarehouse } from '../assemble.ts'
import type { ActivationConfig, TailraceConfig } from '../config/config.ts'
import type { Account, Right } from '../connect/target.ts'
import type { WarehouseRight } from '../connect/warehouse.ts'
import {
  checkActivationMapping,
  checkActivationQuery,
  checkActivationTarget,
  checkTarget,
  checkWarehouse,
  type CheckPorts,
  type OpenedTarget,
  type OpenWarehouse,
} from '../engine/check.ts'
import { asEngineFault } from '../engine/delivery/send-slice.ts'
import { sharedInConfig } from '../engine/steps/open/shared-config.ts'
import type { Fault } from '../model/fault.ts'
import type { NewField } from '../model/field.ts'
import type { Notice } from '../model/notice.ts'
import { checkControlDatabase } from '../store/database/control-database.ts'
import { showLimits, type ShownLimit } from '../http/reported-limits.ts'
import type { Host } from '../server/process/host.ts'
import { passwordOf } from '../server/process/local-project.ts'

export interface WarehouseFinding {
  readonly name: string
  readonly type: string
  /** With the product: "PostgreSQL 17.2". */
  readonly version?: string
  readonly rights: readonly WarehouseRight[]
  readonly notices: readonly Notice[]
  readonly fault?: Fault
}

export interface TargetFinding {
  readonly name: string
  readonly type: string
  readonly as?: Account
  /** The proxy in use, without credentials. */
  readonly proxy?: string
  /** `needed`: an Activation writes an object that needs this right. */
  readonly rights: readonly (Right & { readonly needed: boolean })[]
  /** The account's limits, as far as the Target reports them. */
  readonly limits: readonly ShownLimit[]
  readonly fault?: Fault
}

export interface ActivationFinding {
  readonly name: string
  readonly columns: readonly string[]
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  /** The source of each Field, in words; only for objects with Fields. */
  readonly mapping?: Readonly<Record<string, string>>
  /** Fields that the first Run would create. */
  readonly fieldsToCreate?: readonly NewField[]
  readonly notices: readonly Notice[]
  /** Failed Connections, because of which the check is incomplete. */
  readonly unchecked: readonly string[]
  readonly faults: readonly Fault[]
}

/** The control database at DATABASE_URL. */
export interface DatabaseFinding {
  readonly description?: string
  readonly fault?: Fault
}

/** Undefined for the embedded database, which is created when needed. */
export async function tryDatabase({ env, terminal }: Host): Promise<DatabaseFinding | undefined> {
  const url = env['DATABASE_URL']
  if (!url) return undefined
  terminal.hide(passwordOf(url))
  const tried = await attempt(() => checkControlDatabase(url))
  return 'fault' in tried ? tried : { description: tried.value }
}

/** Receives each finding as soon as it is known. */
export interface CheckListener {
  warehouse(finding: WarehouseFinding): Promise<void>
  target(finding: TargetFinding): Promise<void>
  activation(finding: ActivationFinding): Promise<void>
}

/**
 * Tests each Connection, then each Activation on them, and continues after failures. Changes nothing. With names, only
 * these Activations and their Connections.
 */
export async function checkProject(
  host: Host,
  config: TailraceConfig,
  names: readonly string[],
  tokens: TokenStore,
  listener: CheckListener,
): Promise<void> {
  const { now, random, log, stops, env: proxies } = host
  const ports: CheckPorts = { now, random, log, proxies, tokens, abort: stops.abort }
  const activations = [...config.activations.values()].filter(({ name }) => names.length === 0 || names.includes(name))
  const isWanted = (section: 'warehouse' | 'target', name: string): boolean =>
    names.length === 0 || activations.some((activation) => activation[section] === name)
  const warehouses = new Map<string, OpenWarehouse>()
  const targets = new Map<string, OpenedTarget>()
  try {
    for (const { name, type } of [...config.warehouses.values()].filter((each) => isWanted('warehouse', each.name))) {
      const opened = await attempt(async () =>
        checkWarehouse(await assembleWarehouse(config, name, host.connectors), config.dir, ports),
      )
      if ('fault' in opened) await listener.warehouse({ name, type, rights: [], notices: [], fault: opened.fault })
      else {
        warehouses.set(name, opened.value)
        const { product, version, rights, notices } = opened.value
        await listener.warehouse({ name, type, version: `${product} ${version}`, rights, notices })
      }
    }
    for (const { name, type } of [...config.targets.values()].filter((each) => isWanted('target', each.name))) {
      const opened = await attempt(async () => checkTarget(await assembleTarget(config, name, host.connectors), ports))
      if ('fault' in opened) await listener.target({ name, type, rights: [], limits: [], fault: opened.fault })
      else {
        targets.set(name, opened.value)
        const {
          client: { proxy, limits },
        } = opened.value
        await listener.target({
          name,
          type,
          as: opened.value.as,
          ...(proxy && { proxy: `${proxy.label} (${proxy.variable})` }),
          rights: weighed(opened.value.as.rights, name, activations),
          limits: showLimits(limits),
        })
      }
    }
    const assembled = await Promise.all(
      [...config.activations.keys()].map((each) => assembleActivation(config, each, host.connectors)),
    )
    for (const { name, warehouse, target } of activations) {
      const finding = await tryActivation(host, config, name, warehouses.get(warehouse), targets.get(target))
      const own = assembled.find((activation) => activation.name === name)
      await listener.activation({
        ...finding,
        notices: [...finding.notices, ...(own === undefined ? [] : sharedInConfig(own, assembled))],
      })
    }
  } finally {
    await Promise.all([...warehouses.values()].map(({ session }) => session.close()))
    await Promise.all([...targets.values()].map(({ client }) => client.close()))
  }
}

async function tryActivation(
  host: Host,
  config: TailraceConfig,
  name: string,
  warehouse: OpenWarehouse | undefined,
  target: OpenedTarget | undefined,
): Promise<ActivationFinding> {
  const activation = await assembleActivation(config, name, host.connectors)
  const query = warehouse && (await attempt(() => checkActivationQuery(activation, warehouse.session)))
  const tags = target && (await attempt(() => checkActivationTarget(activation, target)))
  const columns = query !== undefined && 'value' in query ? query.value : undefined
  const fields = target && columns && (await attempt(() => checkActivationMapping(activation, columns, target)))
  const mapped = fields !== undefined && 'value' in fields ? fields.value : undefined
  const resolved = tags !== undefined && 'value' in tags ? tags.value : undefined
  return {
    name,
    columns: columns?.map((column) => column.name) ?? [],
    groups: resolved?.groups ?? [],
    ...(mapped !== undefined && { mapping: mapped.words, fieldsToCreate: mapped.toCreate }),
    notices: resolved?.notices ?? [],
    unchecked: [...(warehouse ? [] : [activation.warehouse.name]), ...(target ? [] : [activation.target.name])],
    faults: [query, tags, fields].flatMap((tried) => (tried !== undefined && 'fault' in tried ? [tried.fault] : [])),
  }
}

function weighed(
  rights: readonly Right[],
  target: string,
  activations: readonly ActivationConfig[],
): TargetFinding['rights'] {
  const objects = new Set(activations.filter((activation) => activation.target === target).map(({ object }) => object))
  return rights.map((right) => ({ ...right, needed: right.neededFor.some((object) => objects.has(object)) }))
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly fault: Fault }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { fault: asEngineFault(error) }
  }
}
