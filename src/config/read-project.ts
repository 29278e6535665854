import type { TargetSpec } from '../connect/target.ts'
import type { Warehouse } from '../connect/warehouse.ts'
import type { ActivationConfig, ConnectionConfig, Connectors, TailraceConfig } from './config.ts'
import type { ProblemList } from './problem-list.ts'
import { readActivation } from './read-activation.ts'
import { readConnection, type Registry } from './read-connection.ts'
import type { References } from './references/resolve-reference.ts'
import type { SourceEntry, SourceMap } from './source/source-node.ts'
import { reportUnknownKey } from './validate-node.ts'

const sections = ['warehouses', 'targets', 'activations']

export type Project = Pick<TailraceConfig, 'warehouses' | 'targets' | 'activations'>

/** Returns all valid entries. Invalid entries and references to missing ones are added to `problems`. */
export async function readProject(
  root: SourceMap,
  connectors: Connectors,
  references: References,
  problems: ProblemList,
): Promise<Project> {
  for (const [key, { position }] of root.entries) {
    if (!sections.includes(key)) reportUnknownKey(key, position, [], sections, problems)
  }
  const warehouseRegistry: Registry<Warehouse> = {
    noun: 'warehouse',
    types: connectors.warehouseTypes,
    find: (type) => connectors.warehouse(type),
  }
  const targetRegistry: Registry<TargetSpec> = {
    noun: 'target',
    types: connectors.targetTypes,
    find: (type) => connectors.target(type),
  }
  const warehouses = await readConnections(root, 'warehouses', warehouseRegistry, references, problems)
  const targets = await readConnections(root, 'targets', targetRegistry, references, problems)

  const activations = new Map<string, ActivationConfig>()
  const around = { warehouses: [...warehouses.specs.keys()], targets: targets.specs, behaviors: connectors.behaviors }
  for (const [name, entry] of sectionEntries(root, 'activations', problems)) {
    const activation = readActivation(name, entry, ['activations', name], around, problems)
    if (activation !== undefined) activations.set(name, activation)
  }
  return { warehouses: warehouses.connections, targets: targets.connections, activations }
}

async function readConnections<Spec extends Warehouse | TargetSpec>(
  root: SourceMap,
  section: string,
  registry: Registry<Spec>,
  references: References,
  problems: ProblemList,
): Promise<{
  readonly specs: ReadonlyMap<string, Spec | undefined>
  readonly connections: ReadonlyMap<string, ConnectionConfig>
}> {
  const specs = new Map<string, Spec | undefined>()
  const connections = new Map<string, ConnectionConfig>()
  for (const [name, entry] of sectionEntries(root, section, problems)) {
    const { spec, connection } = await readConnection(name, entry, [section, name], registry, references, problems)
    specs.set(name, spec)
    if (connection !== undefined) connections.set(name, connection)
  }
  return { specs, connections }
}

/** The named entries of a section. Empty if the section is missing or has no content. */
function sectionEntries(root: SourceMap, section: string, problems: ProblemList): [string, SourceEntry][] {
  const node = root.entries.get(section)?.node
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return []
  if (node.kind !== 'map') {
    problems.add(node.position, [section], 'expected names, each with a mapping (name: and its keys below)')
    return []
  }
  return [...node.entries].filter(([name, { position }]) => {
    const trouble = nameTrouble(name)
    if (trouble !== undefined) problems.add(position, [section, trouble.shown], trouble.message)
    return trouble === undefined
  })
}

function nameTrouble(name: string): { readonly shown: string; readonly message: string } | undefined {
  if (name.trim() === '') return { shown: '""', message: 'a name cannot be empty' }
  if (/\p{Cc}/u.test(name)) return { shown: JSON.stringify(name), message: 'a name cannot contain control characters' }
  return name.length > 255
    ? { shown: `${name.slice(0, 40)}…`, message: 'a name can have at most 255 characters' }
    : undefined
}
