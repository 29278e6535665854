import type { Position } from '../config.ts'
import type { Path } from '../problem-list.ts'
import type { Reference } from '../references/reference.ts'

/** The file's content with positions: the YAML tree after `${VAR}` was filled in. */
export type SourceNode = SourceScalar | SourceMap | SourceList

export interface SourceScalar {
  readonly kind: 'scalar'
  readonly position: Position
  readonly value: string | number | boolean | null
  /** A number as written in the file: `007`, `1.10`. */
  readonly written?: string
  /** Names of the variables in the text, in order. */
  readonly variables: readonly string[]
  /** The text as written is a reference such as `env:NAME`. It holds in the settings of Connections alone. */
  readonly reference?: Reference | { readonly trouble: string }
  /** The value came from this reference; for messages, which never show the value. */
  readonly origin?: string
  /** The text is exactly one `${VAR}`, so it may stand for a number or true/false. */
  readonly wholeVariable: boolean
  /** The value could not be read, for example because a variable is not set. The problem is already reported. */
  readonly broken: boolean
  /** Position of the text's first character: after the quote, or on the line below `|`. */
  readonly textPosition: Position
}

export interface SourceMap {
  readonly kind: 'map'
  readonly position: Position
  readonly entries: ReadonlyMap<string, SourceEntry>
}

export interface SourceEntry {
  /** Position of the key. */
  readonly position: Position
  readonly node: SourceNode
}

export interface SourceList {
  readonly kind: 'list'
  readonly position: Position
  readonly items: readonly SourceNode[]
}

/** The node at a path, or undefined if there is none. */
export function nodeAt(root: SourceNode | undefined, path: Path): SourceNode | undefined {
  return path.reduce<SourceNode | undefined>((node, step) => {
    if (node?.kind === 'map') return node.entries.get(String(step))?.node
    if (node?.kind === 'list' && typeof step === 'number') return node.items[step]
    return undefined
  }, root)
}

/** Converts to plain data. `replaced` holds the values of scalars whose text was read as another type. */
export function toValue(node: SourceNode | undefined, replaced?: ReadonlyMap<SourceScalar, unknown>): unknown {
  if (node === undefined) return undefined
  if (node.kind === 'scalar') return replaced?.has(node) ? replaced.get(node) : node.value
  if (node.kind === 'list') return node.items.map((item) => toValue(item, replaced))
  // Built from entries, so that a key `__proto__` is an ordinary key.
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toValue(entry.node, replaced)]))
}

/** Every scalar at or below a node. */
export function scalarsOf(node: SourceNode | undefined): SourceScalar[] {
  if (node === undefined) return []
  if (node.kind === 'scalar') return [node]
  if (node.kind === 'list') return node.items.flatMap(scalarsOf)
  return [...node.entries.values()].flatMap((entry) => scalarsOf(entry.node))
}

/** Where the text comes from, if not from the file: `${NAME}`, `file:./key.pem`. Such a value is never shown. */
export function originsOf({ variables, origin }: SourceScalar): readonly string[] {
  return origin === undefined ? variables.map((name) => `\${${name}}`) : [origin]
}

/** Whether the value could not be read; the problem is already reported. */
export function isBroken(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.broken
}
