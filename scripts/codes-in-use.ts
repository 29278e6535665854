import { parseSync } from '@swc/core'

/** A node of the syntax tree; only its type is known of all of them. */
interface Node { readonly type: string, readonly [part: string]: unknown }

/** What a code of ours looks like; those of Node.js, PostgreSQL and vendors do not. */
const kebab = /^[a-z]+(-[a-z]+)*$/

export interface CodesInUse {
  /** Each code, and the first file that uses it. */
  readonly codes: ReadonlyMap<string, string>
  /** Codes that are handed on from elsewhere: `file: expression`. */
  readonly indirect: readonly string[]
}

/**
 * Every code that sources give to a Fault, an Outcome or a InvalidRow: what stands as `code` in an object or a type, in a type named
 * `…Code`, at the place of a parameter named `code`, or in JSON built in SQL. What no literal can be found for is `indirect`.
 */
export function codesInUse(sources: ReadonlyMap<string, string>): CodesInUse {
  const codes = new Map<string, string>()
  const indirect = new Set<string>()
  const trees = [...sources].map(([file, text]) => ({ file, root: parseSync(text, { syntax: 'typescript', target: 'esnext' }) as unknown as Node }))
  const everywhere = trees.flatMap(({ root }) => codeTakers([...nodesOf(root)].filter(({ type }) => type === 'ExportDeclaration')))
  for (const { file, root } of trees) {
    const found = (code: string): void => {
      if (kebab.test(code) && !codes.has(code)) codes.set(code, file)
    }
    const names = namesIn(root)
    const takers = new Map([...everywhere, ...codeTakers([root])])
    for (const node of nodesOf(root)) {
      for (const place of placesIn(node, takers)) {
        for (const value of valuesOf(place, names)) {
          if (typeof value === 'string') found(value)
          else indirect.add(`${file}: ${shown(value)}`)
        }
      }
      for (const [, code] of jsonIn(node)) if (code !== undefined) found(code)
    }
  }
  return { codes, indirect: [...indirect].toSorted() }
}

/** The expressions and types at which this node takes a code. */
function placesIn(node: Node, takers: ReadonlyMap<string, number>): readonly Node[] {
  switch (node.type) {
    case 'KeyValueProperty': return nameOf(node['key']) === 'code' ? [node['value'] as Node] : []
    case 'ObjectExpression': return (node['properties'] as Node[]).filter((property) => property.type === 'Identifier' && nameOf(property) === 'code')
    case 'Identifier': return node['value'] === 'code' && node['typeAnnotation'] ? [typeIn(node)] : []
    case 'TsPropertySignature': return nameOf(node['key']) === 'code' ? [typeIn(node)] : []
    case 'TsTypeAliasDeclaration': return nameOf(node['id'])?.endsWith('Code') === true ? [node['typeAnnotation'] as Node] : []
    case 'CallExpression': {
      const place = takers.get(nameOf(node['callee']) ?? '')
      const given = place === undefined ? undefined : (node['arguments'] as { expression: Node }[])[place]
      return given === undefined ? [] : [given.expression]
    }
    default: return []
  }
}

/** The texts an expression or a type may be; a node where that cannot be seen. What was a code before (`fault.code`) is none. */
function valuesOf(node: Node, names: ReadonlyMap<string, readonly Node[]>): readonly (string | Node)[] {
  const all = (...parts: unknown[]) => parts.flatMap((part) => valuesOf(part as Node, names))
  switch (node.type) {
    case 'StringLiteral': return [node['value'] as string]
    case 'TsLiteralType': return all(node['literal'])
    case 'TsUnionType': return all(...node['types'] as Node[])
    case 'TsKeywordType': case 'TsTypeReference': case 'NullLiteral': return []
    case 'ParenthesisExpression': case 'TsAsExpression': case 'TsSatisfiesExpression': return all(node['expression'])
    case 'ConditionalExpression': return all(node['consequent'], node['alternate'])
    case 'BinaryExpression': return all(node['left'], node['right'])
    case 'ObjectExpression': return all(...(node['properties'] as Node[]).map((property) => property['value']))
    case 'MemberExpression': {
      const property = node['property'] as Node
      if (property.type === 'Computed') return all(node['object'])
      return nameOf(property) === 'code' ? [] : [node]
    }
    case 'Identifier': {
      const meant = names.get(node['value'] as string)
      return meant === undefined ? [node] : all(...meant)
    }
    default: return [node]
  }
}

/** What the names of a file stand for, as far as a code may come from there; none for parameters and for what was taken out of a value. */
function namesIn(root: Node): ReadonlyMap<string, readonly Node[]> {
  const names = new Map<string, readonly Node[]>([['code', []]])
  const functions = new Map<string, Node>()
  for (const node of nodesOf(root)) if (node.type === 'FunctionDeclaration') functions.set(nameOf(node['identifier']) ?? '', node)
  for (const node of nodesOf(root)) {
    if (node.type !== 'VariableDeclarator' || !node['init']) continue
    const id = node['id'] as Node
    const init = node['init'] as Node
    if (id.type === 'Identifier') names.set(id['value'] as string, [...names.get(id['value'] as string) ?? [], init])
    const place = id.type === 'ArrayPattern' ? (id['elements'] as (Node | null)[]).findIndex((element) => nameOf(element) === 'code') : -1
    if (place >= 0) names.set('code', [...names.get('code') ?? [], ...returned(init, place, functions)])
  }
  return names
}

/** The elements at one place of the arrays that a call of a function of the same file returns. */
function returned(call: Node, place: number, functions: ReadonlyMap<string, Node>): readonly Node[] {
  const called = functions.get(nameOf(call['callee']) ?? '')
  if (called === undefined) return []
  return [...nodesOf(called)].filter(({ type }) => type === 'ReturnStatement').flatMap((statement): readonly Node[] => {
    const value = statement['argument'] as Node
    if (value.type === 'CallExpression') return returned(value, place, functions)
    return value.type === 'ArrayExpression' ? [(value['elements'] as { expression: Node }[])[place]?.expression ?? value] : [value]
  })
}

/** The functions declared within that have a parameter named `code`, and its place. */
function codeTakers(roots: readonly Node[]): readonly (readonly [name: string, place: number])[] {
  return [...nodesOf(roots)].filter(({ type }) => type === 'FunctionDeclaration').flatMap((node) => {
    const place = (node['params'] as { pat: Node }[]).findIndex(({ pat }) => nameOf(pat) === 'code')
    return place < 0 ? [] : [[nameOf(node['identifier']) ?? '', place] as const]
  })
}

/** `jsonb_build_object('code', 'interrupted' …)` in SQL. */
function jsonIn(node: Node): Iterable<RegExpMatchArray> {
  return node.type === 'TemplateElement' ? String(node['raw']).matchAll(/'code', '([^']+)'/g) : []
}

function typeIn(node: Node): Node {
  return (node['typeAnnotation'] as { typeAnnotation: Node }).typeAnnotation
}

function nameOf(node: unknown): string | undefined {
  const value = (node as { value?: unknown } | null | undefined)?.value
  return typeof value === 'string' ? value : undefined
}

function shown(node: Node): string {
  if (node.type === 'TemplateLiteral') return (node['quasis'] as Node[]).map((text) => text['raw']).join('…')
  if (node.type === 'MemberExpression') return `${shown(node['object'] as Node)}.${nameOf(node['property'])}`
  return node.type === 'CallExpression' ? `${shown(node['callee'] as Node)}()` : nameOf(node) ?? node.type
}

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && typeof value.type === 'string') yield value as Node
  for (const part of Object.values(value)) yield* nodesOf(part)
}
