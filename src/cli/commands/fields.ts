import type { TokenStore } from '../../http/auth/token-store.ts'
import { withProjectTokens } from '../../server/process/project-tokens.ts'
import { Command } from 'commander'
import { assembleTarget } from '../../assemble.ts'
import type { TailraceConfig } from '../../config/config.ts'
import { findObject, type TargetObject } from '../../connect/target.ts'
import type { Activation } from '../../engine/activation.ts'
import { checkActivationQuery, checkWarehouse, listFields, type CheckPorts } from '../../engine/check.ts'
import { mappingRequest } from '../../engine/steps/read/map-fields.ts'
import { Fault } from '../../model/fault.ts'
import { nearestNames } from '../../model/nearest-names.ts'
import type { Column } from '../../model/row.ts'
import { mappingWords } from '../../rules/mapping-words.ts'
import { autoMapped } from '../../rules/mapping/auto-map.ts'
import { offers } from '../../rules/mapping/offers.ts'
import { fieldLines, type ShownField } from '../output/field-lines.ts'
import { globalsOf, hostOf, type Host } from '../../server/process/host.ts'
import { findInProject, loadProject, unknownActivation } from '../../server/process/local-project.ts'

interface Listing {
  readonly target: string
  readonly object: string
  readonly activation?: string
  readonly columns?: readonly Column[]
  readonly fields: readonly ShownField[]
}

export const command = new Command('fields')
  .description('list the fields of an object that can be mapped, as the target has them now')
  .argument('<name>', 'an activation; or a target, followed by an object')
  .argument('[object]', 'object of the target, such as contact or company')
  .addHelpText(
    'after',
    `
Lists standard and custom fields with their types, and says why some fields cannot be written. For an activation it also shows which
columns of the query fit each field, and the current mapping. Reads no rows, and changes nothing.

Examples:
  $ tailrace fields support contact
  $ tailrace fields contacts-from-shop
  $ tailrace fields support company --json | jq -r '.fields[].name'`,
  )
  .action(async (name: string, object: string | undefined, _options: unknown, self: Command) => {
    const host = hostOf(self)
    const globals = globalsOf(self)
    const { terminal } = host
    const config = await loadProject(host, globals)
    const listing = await withProjectTokens(host, globals, (tokens) =>
      object === undefined ? ofActivation(host, tokens, config, name) : ofTarget(host, tokens, config, name, object),
    )
    if (globals.json) return await terminal.json(listing)
    const where = `${listing.object} in ${listing.target}`
    const title = listing.activation === undefined ? where : `${listing.activation} (${where})`
    for (const line of fieldLines(title, listing.fields, terminal.width, terminal.colors)) await terminal.print(line)
  })

async function ofTarget(
  host: Host,
  tokens: TokenStore,
  config: TailraceConfig,
  name: string,
  objectId: string,
): Promise<Listing> {
  if (!config.targets.has(name)) throw notFound('target', name, [...config.targets.keys()], config.file)
  const connection = await assembleTarget(config, name, host.connectors)
  const object = findObject(connection.spec, objectId)
  if (object === undefined)
    throw notFound('object', objectId, withFields(connection.spec.objects), connection.spec.name)
  rejectWithout(object, connection.spec.objects)
  return { target: name, object: objectId, fields: await listFields(connection, object, portsOf(host, tokens)) }
}

async function ofActivation(host: Host, tokens: TokenStore, config: TailraceConfig, name: string): Promise<Listing> {
  if (!config.activations.has(name)) {
    const target = config.targets.has(name) ? await assembleTarget(config, name, host.connectors) : undefined
    if (target === undefined) throw unknownActivation(name, [...config.activations.keys()], config.file)
    throw new Fault(
      'usage',
      `Name an object of ${name}. Its objects with fields: ${withFields(target.spec.objects).join(', ')}.`,
      {
        code: 'object-not-found',
        advice: withFields(target.spec.objects)
          .map((id) => `tailrace fields ${name} ${id}`)
          .join(' · '),
      },
    )
  }
  const activation = await findInProject(host, config, name)
  const { target, object } = activation
  rejectWithout(object, target.spec.objects)
  const columns = await columnsOf(activation, portsOf(host, tokens))
  const fields = await listFields(target, object, portsOf(host, tokens))
  const identifiers = [activation.identifier, ...(activation.fallbacks ?? [])].map(({ field, column }) => [
    field,
    `${column}, as identifier`,
  ])
  const mapped: Readonly<Record<string, string>> = {
    ...Object.fromEntries(identifiers),
    ...mappingWords([
      ...(activation.mapping?.fields ?? []),
      ...autoMapped(mappingRequest(activation, columns, fields)),
    ]),
  }
  return {
    target: target.name,
    object: object.id,
    activation: name,
    columns,
    fields: fields.map((field) => ({
      ...field,
      fits: offers(columns, field).map((column) => column.name),
      mapped: mapped[field.name] ?? null,
    })),
  }
}

async function columnsOf(activation: Activation, ports: CheckPorts): Promise<readonly Column[]> {
  const { session } = await checkWarehouse(activation.warehouse, activation.baseDir, ports)
  try {
    return await checkActivationQuery(activation, session)
  } finally {
    await session.close()
  }
}

function rejectWithout({ id, fields }: TargetObject, objects: readonly TargetObject[]): void {
  if (fields !== undefined) return
  throw new Fault('usage', `The object ${id} has no fields that can be mapped.`, {
    code: 'object-without-fields',
    advice: `Objects with fields: ${withFields(objects).join(', ')}.`,
  })
}

function withFields(objects: readonly TargetObject[]): string[] {
  return objects.filter(({ fields }) => fields !== undefined).map(({ id }) => id)
}

function notFound(what: 'target' | 'object', name: string, known: readonly string[], where: string): Fault {
  const [near] = nearestNames(name, known)
  return new Fault('usage', `There is no ${what} "${name}" in ${where}.`, {
    code: what === 'target' ? 'target-not-found' : 'object-not-found',
    advice: near === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

function portsOf({ now, random, log, stops, env: proxies }: Host, tokens: TokenStore): CheckPorts {
  return { now, random, log, proxies, tokens, abort: stops.abort }
}
