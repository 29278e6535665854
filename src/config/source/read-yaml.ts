import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  Scalar,
  type Document,
  type Node,
  type YAMLMap,
  type YAMLError,
} from 'yaml'
import type { Position } from '../config.ts'
import type { Path, ProblemList } from '../problem-list.ts'
import { referenceIn } from '../references/reference.ts'
import type { SourceEntry, SourceNode, SourceScalar, SourceMap } from './source-node.ts'
import { fillVariables, maskVariables, variableOffsets, type WhenUnset } from './variables.ts'
import { Fault } from '../../model/fault.ts'

/** A normal config uses a few aliases. The limit stops a file whose aliases expand without end. */
const maxAliases = 1_000

/**
 * Reads YAML into a tree with positions, with `${VAR}` filled in from `env`. Errors are added to `problems`. Returns
 * undefined if the text is not valid YAML or is empty.
 */
export function readYaml(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  problems: ProblemList,
  whenUnset: WhenUnset = 'refuse',
): SourceNode | undefined {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text
  const { masked, restore } = maskVariables(source)
  const lines = new LineCounter()
  const document = parseDocument(masked, { lineCounter: lines, prettyErrors: false, stringKeys: true, version: '1.2' })
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  // Only the first syntax error is reported, since it usually causes the later ones.
  const [syntax] = [...document.errors, ...document.warnings]
    .filter((error) => error.code !== 'DUPLICATE_KEY')
    .sort((a, b) => a.pos[0] - b.pos[0])
  if (syntax !== undefined) problems.add(positionOf(syntax.pos[0]), [], restore(explainYamlError(syntax)))
  if (syntax !== undefined || document.contents === null) return undefined

  let aliases = 0
  return convert(document.contents, [], [])

  function convert(node: Node | null, path: Path, above: readonly Node[]): SourceNode {
    const start = node?.range?.[0] ?? 0
    const position = positionOf(start)
    if (isAlias(node)) {
      const target = node.resolve(document as Document)
      aliases += 1
      if (target !== undefined && !above.includes(target) && aliases <= maxAliases) return convert(target, path, above)
      const trouble =
        target === undefined
          ? 'refers to an anchor that does not exist above it'
          : aliases > maxAliases
            ? 'is one alias too many'
            : 'is inside its own anchor'
      problems.add(position, path, `the alias "*${node.source}" ${trouble}`)
      return brokenScalar(position)
    }
    if (isMap(node)) return { kind: 'map', position, entries: convertEntries(node, path, above) }
    if (isScalar(node)) return convertScalar(node, path, position)
    if (node === null) return { ...brokenScalar(position), broken: false }
    return {
      kind: 'list',
      position,
      items: node.items.map((item, index) => convert(item as Node | null, [...path, index], [...above, node])),
    }
  }

  function convertEntries(map: YAMLMap, path: Path, above: readonly Node[]): Map<string, SourceEntry> {
    const entries = new Map<string, SourceEntry>()
    const merged: SourceEntry[] = []
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? restore(String(key.value)) : ''
      const position = positionOf((key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0)
      const entry = { position, node: convert(value as Node | null, [...path, name], [...above, map]) }
      if (name === '<<') merged.push(entry)
      else if (!entries.has(name)) entries.set(name, entry)
      else problems.add(position, [...path, name], `the key "${name}" is written twice in this mapping; keep one`)
    }
    // `<<: *other` adds only the keys that this mapping does not have.
    for (const { position, node } of merged) {
      const maps = node.kind === 'list' ? node.items : [node]
      for (const item of maps) {
        if (item.kind !== 'map')
          problems.add(position, [...path, '<<'], '"<<" needs the alias of a mapping, for example "<<: *name"')
        else for (const [name, entry] of item.entries) if (!entries.has(name)) entries.set(name, entry)
      }
    }
    return entries
  }

  function convertScalar(node: Scalar, path: Path, position: Position): SourceScalar {
    const { value } = node
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
      return {
        ...brokenScalar(position),
        value,
        broken: false,
        ...(typeof value === 'number' && node.source !== undefined && { written: node.source }),
      }
    }
    const text = restore(typeof value === 'string' ? value : (node.source ?? ''))
    const filled = fillVariables(text, env, whenUnset)
    const reference = referenceIn(text, env, whenUnset)
    const [start, end] = node.range ?? [0, 0]
    const offsets = filled.troubles.length === 0 ? [] : variableOffsets(source.slice(start, end))
    for (const { index, message } of filled.troubles) {
      problems.add(positionOf(start + (offsets[index] ?? 0)), path, message)
    }
    return {
      kind: 'scalar',
      position,
      value: filled.text,
      variables: filled.variables,
      wholeVariable: filled.wholeVariable,
      ...(reference !== undefined && { reference }),
      broken: filled.troubles.length > 0,
      textPosition: textPosition(node, source.slice(start, end), position),
    }
  }
}

function brokenScalar(position: Position): SourceScalar {
  return {
    kind: 'scalar',
    position,
    value: null,
    variables: [],
    wholeVariable: false,
    broken: true,
    textPosition: position,
  }
}

function textPosition(node: Scalar, written: string, position: Position): Position {
  if (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE) {
    return { line: position.line, column: position.column + 1 }
  }
  if (node.type !== Scalar.BLOCK_LITERAL && node.type !== Scalar.BLOCK_FOLDED) return position
  // The indentation that YAML removed: that of the first text line in the file, minus what the value kept of it.
  const firstWritten =
    written
      .split('\n')
      .slice(1)
      .find((line) => line.trim() !== '') ?? ''
  const firstKept =
    String(node.value)
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  return { line: position.line + 1, column: indentOf(firstWritten) - indentOf(firstKept) + 1 }
}

const indentOf = (line: string) => line.length - line.trimStart().length

/** Reads the text of a tailrace.yaml as a tree. Throws a ConfigFault if it is not a mapping. */
export function readRoot(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  problems: ProblemList,
  whenUnset: WhenUnset = 'refuse',
): SourceMap {
  const root = readYaml(text, env, problems, whenUnset)
  if (root?.kind === 'map') return root
  if (root !== undefined && (root.kind !== 'scalar' || root.value !== null)) {
    problems.add(root.position, [], 'expected the keys warehouses, targets and activations')
  } else if (problems.size === 0) {
    problems.add({ line: 1, column: 1 }, [], 'the file is empty; "tailrace init" writes a file to start from')
  }
  problems.throwIfAny()
  throw new Fault('bug', 'The config was read without a result and without an error.', { code: 'config-unread' })
}

const quote = 'put the value in quotes, or write it on the lines below a "|"'

/** Explains an error of the YAML parser and what to do; uses the parser's message if it already does. */
function explainYamlError(error: YAMLError): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'the indentation contains a tab; YAML allows only spaces'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return `not valid YAML: this value contains ": ", so YAML reads it as a mapping; ${quote}`
    case 'BAD_SCALAR_START':
      return `not valid YAML: ${lowerFirst(error.message)}; ${quote}`
    case 'MULTIPLE_DOCS':
      return 'a second YAML document starts here ("---"); a file can contain only one'
    case 'TAG_RESOLVE_FAILED':
      return `not valid here: ${lowerFirst(error.message)}; a value that starts with "!" must be in quotes`
    case 'NON_STRING_KEY':
      return 'a key must be text'
    // Without the text it quotes from the file, which may be a secret.
    default:
      return `not valid YAML: ${lowerFirst(error.message).replace(/: ".*"$/s, '')}`
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
