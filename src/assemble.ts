import { behaviorFor, type SyncBehavior } from './model/behavior.ts'
import type { Connectors, TailraceConfig } from './config/config.ts'
import { findObject, type TargetSpec } from './connect/target.ts'
import type { Warehouse } from './connect/warehouse.ts'
import type { Activation, Connection } from './engine/activation.ts'
import { Fault } from './model/fault.ts'

type Lazy<Spec> = Readonly<Record<string, () => Promise<Spec>>>

/** The connectors and behaviors of this process, in the form that the reader of tailrace.yaml needs. */
export function connectorsFrom(
  targets: Lazy<TargetSpec>,
  warehouses: Lazy<Warehouse>,
  behaviors: Readonly<Record<string, SyncBehavior>>,
): Connectors {
  return {
    warehouse: async (type) => (Object.hasOwn(warehouses, type) ? await warehouses[type]?.() : undefined),
    warehouseTypes: Object.keys(warehouses),
    target: async (type) => (Object.hasOwn(targets, type) ? await targets[type]?.() : undefined),
    targetTypes: Object.keys(targets),
    behaviors: new Map(Object.entries(behaviors)),
  }
}

/** Builds what the engine needs to run one Activation of a valid config. */
export async function assembleActivation(
  config: TailraceConfig,
  name: string,
  connectors: Connectors,
): Promise<Activation> {
  const chosen = config.activations.get(name) ?? missing(`activation "${name}"`)
  const target = await assembleTarget(config, chosen.target, connectors)
  const object = findObject(target.spec, chosen.object) ?? missing(`object "${chosen.object}"`)
  const behavior = connectors.behaviors.get(chosen.behavior) ?? missing(`behavior "${chosen.behavior}"`)
  return {
    name,
    query: chosen.query,
    warehouse: await assembleWarehouse(config, chosen.warehouse, connectors),
    target,
    object,
    behavior: behaviorFor(behavior, object) ?? missing(`behavior "${chosen.behavior}" of object "${chosen.object}"`),
    identifier: chosen.identifier,
    fallbacks: chosen.fallbacks,
    ...(chosen.mapping !== undefined && { mapping: chosen.mapping }),
    matches: chosen.matches,
    changedRows: chosen.changedRows,
    duplicates: chosen.duplicates,
    ...(chosen.adopts !== undefined && { adopts: chosen.adopts }),
    settings: chosen.settings,
    limits: chosen.limits,
    ownership: chosen.ownership,
    verify: chosen.verify,
    drift: chosen.drift,
    timeLimitMs: chosen.timeLimitMs,
    baseDir: config.dir,
  }
}

export async function assembleWarehouse(
  config: TailraceConfig,
  name: string,
  connectors: Connectors,
): Promise<Connection<Warehouse>> {
  const { type, config: settings, secrets } = config.warehouses.get(name) ?? missing(`warehouse "${name}"`)
  return {
    name,
    spec: (await connectors.warehouse(type)) ?? missing(`warehouse type "${type}"`),
    config: settings,
    secrets,
  }
}

export async function assembleTarget(
  config: TailraceConfig,
  name: string,
  connectors: Connectors,
): Promise<Connection<TargetSpec>> {
  const { type, config: settings, secrets } = config.targets.get(name) ?? missing(`target "${name}"`)
  return { name, spec: (await connectors.target(type)) ?? missing(`target type "${type}"`), config: settings, secrets }
}

function missing(what: string): never {
  throw new Fault('bug', `The config was found valid, but there is no ${what}.`, { code: 'config-not-checked' })
}
