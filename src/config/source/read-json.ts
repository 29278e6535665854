import type { Path, ProblemList } from '../problem-list.ts'
import { referenceIn } from '../references/reference.ts'
import type { SourceEntry, SourceMap, SourceNode } from './source-node.ts'
import { fillVariables, type WhenUnset } from './variables.ts'

/**
 * Converts plain data to the tree that equal YAML would give, with `${VAR}` filled in from `env`. The data has no
 * lines, so each value gets its own line number, to keep problems in order.
 */
export function readJson(
  data: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
  problems: ProblemList,
  whenUnset: WhenUnset = 'refuse',
): SourceMap {
  let line = 0
  return convertMap(data, [])

  function convertMap(value: object, path: Path): SourceMap {
    const position = { line: ++line, column: 1 }
    const entries = new Map<string, SourceEntry>()
    for (const [key, item] of Object.entries(value))
      if (item !== undefined)
        entries.set(key, { position: { line: line + 1, column: 1 }, node: convert(item, [...path, key]) })
    return { kind: 'map', position, entries }
  }

  function convert(value: unknown, path: Path): SourceNode {
    if (Array.isArray(value))
      return {
        kind: 'list',
        position: { line: ++line, column: 1 },
        items: value.map((item, index) => convert(item, [...path, index])),
      }
    if (typeof value === 'object' && value !== null) return convertMap(value, path)
    const position = { line: ++line, column: 1 }
    const plain = {
      kind: 'scalar',
      position,
      variables: [],
      wholeVariable: false,
      broken: false,
      textPosition: position,
    } as const
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { ...plain, value }
    const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    const { text, variables, wholeVariable, troubles } = fillVariables(written, env, whenUnset)
    const reference = referenceIn(written, env, whenUnset)
    for (const { message } of troubles) problems.add(position, path, message)
    return {
      ...plain,
      value: text,
      variables,
      wholeVariable,
      ...(reference !== undefined && { reference }),
      broken: troubles.length > 0,
    }
  }
}
