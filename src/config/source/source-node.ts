import type { Position } from '../config.ts'
import type { Path } from '../problem-list.ts'

/** What stands in the file, with its places: the YAML tree after `${VAR}` was filled in. */
export type SourceNode = SourceScalar | SourceMap | SourceList

export interface SourceScalar {
  readonly kind: 'scalar'
  readonly position: Position
  readonly value: string | number | boolean | null
  /** A number as it stands in the file: `007`, `1.10`. */
  readonly written?: string
  /** Names of the variables the text came from, in order. */
  readonly variables: readonly string[]
  /** It is one `${VAR}` and nothing else, so its text may stand for a number or true/false. */
  readonly wholeVariable: boolean
  /** It named a variable that is not set: already reported, so nothing else about it is worth saying. */
  readonly broken: boolean
  /** Where the first character of the text stands: after the quote, or on the line below `|`. */
  readonly textPosition: Position
}

export interface SourceMap {
  readonly kind: 'map'
  readonly position: Position
  readonly entries: ReadonlyMap<string, SourceEntry>
}

export interface SourceEntry {
  /** Of the key. */
  readonly position: Position
  readonly node: SourceNode
}

export interface SourceList {
  readonly kind: 'list'
  readonly position: Position
  readonly items: readonly SourceNode[]
}

/** The node at a path, or undefined where nothing is written. */
export function nodeAt(root: SourceNode | undefined, path: Path): SourceNode | undefined {
  return path.reduce<SourceNode | undefined>((node, step) => {
    if (node?.kind === 'map') return node.entries.get(String(step))?.node
    if (node?.kind === 'list' && typeof step === 'number') return node.items[step]
    return undefined
  }, root)
}

/** Plain data. `replaced` gives values that stand for scalars whose text was read as another type. */
export function toValue(node: SourceNode | undefined, replaced?: ReadonlyMap<SourceScalar, unknown>): unknown {
  if (node === undefined) return undefined
  if (node.kind === 'scalar') return replaced?.has(node) ? replaced.get(node) : node.value
  if (node.kind === 'list') return node.items.map(item => toValue(item, replaced))
  // Built from entries, so that a key called __proto__ is only a key.
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toValue(entry.node, replaced)]))
}

/** Every scalar at or below a node. */
export function scalarsOf(node: SourceNode | undefined): SourceScalar[] {
  if (node === undefined) return []
  if (node.kind === 'scalar') return [node]
  if (node.kind === 'list') return node.items.flatMap(scalarsOf)
  return [...node.entries.values()].flatMap(entry => scalarsOf(entry.node))
}

/** It names a variable that is not set, which is reported already. */
export function isBroken(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.broken
}
