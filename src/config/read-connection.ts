import type { ZodType } from 'zod'
import type { ConnectionConfig } from './config.ts'
import { describeNode } from './describe-issue.ts'
import { suggestNames } from '../model/nearest-names.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { isNearlyReference } from './references/reference.ts'
import { resolveNode } from './references/resolve-node.ts'
import type { References } from './references/resolve-reference.ts'
import { secretNodes, secretScalars } from './schema-walk.ts'
import { scalarsOf, type SourceEntry } from './source/source-node.ts'
import { validateNode } from './validate-node.ts'

export interface Registry<Spec> {
  /** For messages: `warehouse` or `target`. */
  readonly noun: string
  readonly types: readonly string[]
  find(type: string): Promise<Spec | undefined>
}

/**
 * Reads one warehouse or target. Returns the spec even if the config is wrong, since activations are checked against
 * it.
 */
export async function readConnection<Spec extends { readonly config: ZodType }>(
  name: string,
  entry: SourceEntry,
  path: Path,
  registry: Registry<Spec>,
  references: References,
  problems: ProblemList,
): Promise<{ readonly spec: Spec | undefined; readonly connection: ConnectionConfig | undefined }> {
  const nothing = { spec: undefined, connection: undefined }
  const { noun, types } = registry
  if (entry.node.kind !== 'map') {
    // The value is not shown: it may be a token that was written instead of the mapping.
    problems.add(entry.node.position, path, `expected a mapping such as { type: ${types[0] ?? noun} }`)
    return nothing
  }
  const type = entry.node.entries.get('type')?.node
  if (type?.kind === 'scalar' && type.broken) return nothing
  if (type?.kind !== 'scalar' || typeof type.value !== 'string') {
    const message = `must name the type of this ${noun}; valid types: ${types.join(', ')}`
    problems.add(type?.position ?? entry.position, [...path, 'type'], message)
    return nothing
  }
  const spec = types.includes(type.value) ? await registry.find(type.value) : undefined
  if (spec === undefined) {
    const message =
      type.variables.length > 0
        ? `${describeNode(type, new Set())} is not a ${noun} type; valid types: ${types.join(', ')}`
        : `no ${noun} type "${type.value}"${suggestNames(type.value, types, 'valid types')}`
    problems.add(type.position, [...path, 'type'], message)
    return nothing
  }
  const written = { ...entry.node, entries: new Map([...entry.node.entries].filter(([key]) => key !== 'type')) }
  const before = problems.size
  const node = await resolveNode(written, path, references, problems)
  for (const { node: secret, path: below } of secretNodes(spec.config, node))
    for (const { value, position, origin, variables } of scalarsOf(secret))
      if (origin === undefined && variables.length === 0 && isNearlyReference(String(value)))
        problems.add(position, [...path, ...below], nearReference)
  const config = validateNode(spec.config, { node, path, position: entry.position }, problems)
  const hidden = [
    ...secretScalars(spec.config, node),
    ...scalarsOf(node).filter(({ reference }) => reference && 'scheme' in reference && reference.scheme !== 'env'),
  ]
  const secrets = hidden.flatMap((scalar) => secretTexts(String(scalar.value)))
  const connection = { name, type: type.value, config, position: entry.position, secrets: [...new Set(secrets)] }
  return { spec, connection: problems.size > before ? undefined : connection }
}

const nearReference =
  'looks like a reference, but is not one: write env:, file: or exec: in lower case, without white space before it or before the colon. ' +
  'If the value really starts like this, put it into an environment variable and write ${NAME}'

/**
 * Forms of a secret that must not be shown. For a URL also its password, since drivers may show only that; for PEM text
 * also each of its lines.
 */
function secretTexts(secret: string): string[] {
  const password = URL.canParse(secret) ? new URL(secret).password : ''
  const lines = secret.includes('\n')
    ? secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'))
    : []
  return [secret, secret.trim(), password, decodePercent(password), ...lines].filter((text) => text !== '')
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A single % is not an encoding, so the password is used as written.
    return text
  }
}
