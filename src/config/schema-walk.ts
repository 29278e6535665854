import { z } from 'zod'
import { scalarsOf, type SourceNode, type SourceScalar } from './source/source-node.ts'
import type { Path } from './problem-list.ts'

type Schema = z.core.$ZodType

/** A schema and all schemas it wraps at the same place: optional, defaults, pipes, the options of a union. */
function layersOf(schema: Schema): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
      return [schema, ...layersOf(def.innerType)]
    case 'pipe':
      return [schema, ...layersOf(def.in), ...layersOf(def.out)]
    case 'union':
      return [schema, ...def.options.flatMap(layersOf)]
    case 'intersection':
      return [schema, ...layersOf(def.left), ...layersOf(def.right)]
    case 'lazy':
      return [schema, ...layersOf(def.getter())]
    default:
      return [schema]
  }
}

/** The schemas of the value one step below. */
function schemasBelow(schema: Schema, step: string | number): Schema[] {
  return layersOf(schema).flatMap((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    if (def.type === 'object') return Object.hasOwn(def.shape, step) ? [def.shape[step] as Schema] : []
    if (def.type === 'array') return [def.element]
    if (def.type === 'record') return [def.valueType]
    return []
  })
}

/** Keys that the schema allows for a mapping at this path; empty if it names none. */
export function keysOf(schema: Schema, path: Path = []): string[] {
  const there = path.reduce<Schema[]>((schemas, step) => schemas.flatMap((each) => schemasBelow(each, step)), [schema])
  const keys = there.flatMap(layersOf).flatMap((layer) => {
    const { def } = (layer as z.core.$ZodTypes)._zod
    return def.type === 'object' ? Object.keys(def.shape) : []
  })
  return [...new Set(keys)]
}

/** Keys of a mapping whose schema has this mark, for example `.meta({ address: true })`. */
export function keysMarked(schema: Schema, mark: string): string[] {
  return keysOf(schema).filter((key) =>
    schemasBelow(schema, key)
      .flatMap(layersOf)
      .some((layer) => z.globalRegistry.get(layer)?.[mark] === true),
  )
}

/** Nodes in the file whose field the schema marks `.meta({ secret: true })`. */
export function secretNodes(
  schema: Schema,
  node: SourceNode | undefined,
  path: Path = [],
): { readonly path: Path; readonly node: SourceNode }[] {
  if (node === undefined) return []
  if (layersOf(schema).some((layer) => z.globalRegistry.get(layer)?.['secret'] === true)) return [{ path, node }]
  if (node.kind === 'scalar') return []
  const children: [string | number, SourceNode][] =
    node.kind === 'list'
      ? node.items.map((item, index) => [index, item])
      : [...node.entries].map(([key, entry]) => [key, entry.node])
  return children.flatMap(([step, child]) =>
    schemasBelow(schema, step).flatMap((below) => secretNodes(below, child, [...path, step])),
  )
}

/** The scalars in such nodes. */
export function secretScalars(schema: Schema, node: SourceNode | undefined): SourceScalar[] {
  return secretNodes(schema, node).flatMap((secret) => scalarsOf(secret.node))
}
