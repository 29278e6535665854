import { parseSync } from '@swc/core'

/** A node of the syntax tree. All nodes have a type; the other properties vary. */
interface Node {
  readonly type: string
  readonly [part: string]: unknown
}

/** The form of Tailrace's codes. Codes of Node.js, PostgreSQL and vendors look different. */
const kebab = /^[a-z]+(-[a-z]+)*$/

export interface CodesInUse {
  /** Each code, and the first file that uses it. */
  readonly codes: ReadonlyMap<string, string>
  /** Codes that are not literals, because they come from elsewhere: `file: expression`. */
  readonly indirect: readonly string[]
}

/**
 * Every code that the sources give to a Fault, an Outcome or an InvalidRow: the value of `code` in an object or a type,
 * a type named `…Code`, an argument for a parameter named `code`, and JSON built in SQL. Values without a literal are
 * `indirect`.
 */
export function codesInUse(sources: ReadonlyMap<string, string>): CodesInUse {
  const codes = new Map<string, string>()
  const indirect = new Set<string>()
  const trees = [...sources].map(([file, text]) => ({
    file,
    root: parseSync(text, { syntax: 'typescript', target: 'esnext' }) as unknown as Node,
  }))
  const everywhere = trees.flatMap(({ root }) =>
    codeTakers([...nodesOf(root)].filter(({ type }) => type === 'ExportDeclaration')),
  )
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

/** The expressions and types of this node whose value is a code. */
function placesIn(node: Node, takers: ReadonlyMap<string, number>): readonly Node[] {
  switch (node.type) {
    case 'KeyValueProperty':
      return nameOf(node['key']) === 'code' ? [node['value'] as Node] : []
    case 'ObjectExpression':
      return (node['properties'] as Node[]).filter(
        (property) => property.type === 'Identifier' && nameOf(property) === 'code',
      )
    case 'Identifier':
      return node['value'] === 'code' && node['typeAnnotation'] ? [typeIn(node)] : []
    case 'TsPropertySignature':
      return nameOf(node['key']) === 'code' ? [typeIn(node)] : []
    case 'TsTypeAliasDeclaration':
      return nameOf(node['id'])?.endsWith('Code') === true ? [node['typeAnnotation'] as Node] : []
    case 'CallExpression': {
      const place = takers.get(nameOf(node['callee']) ?? '')
      const given = place === undefined ? undefined : (node['arguments'] as { expression: Node }[])[place]
      return given === undefined ? [] : [given.expression]
    }
    default:
      return []
  }
}

/**
 * The texts that an expression or a type may have, or the node itself where they are not visible. A value read from
 * another `code` (`fault.code`) adds nothing.
 */
function valuesOf(node: Node, names: ReadonlyMap<string, readonly Node[]>): readonly (string | Node)[] {
  const all = (...parts: unknown[]) => parts.flatMap((part) => valuesOf(part as Node, names))
  switch (node.type) {
    case 'StringLiteral':
      return [node['value'] as string]
    case 'TsLiteralType':
      return all(node['literal'])
    case 'TsUnionType':
      return all(...(node['types'] as Node[]))
    case 'TsKeywordType':
    case 'TsTypeReference':
    case 'NullLiteral':
      return []
    case 'ParenthesisExpression':
    case 'TsAsExpression':
    case 'TsSatisfiesExpression':
      return all(node['expression'])
    case 'ConditionalExpression':
      return all(node['consequent'], node['alternate'])
    case 'BinaryExpression':
      return all(node['left'], node['right'])
    case 'ObjectExpression':
      return all(...(node['properties'] as Node[]).map((property) => property['value']))
    case 'MemberExpression': {
      const property = node['property'] as Node
      if (property.type === 'Computed') return all(node['object'])
      return nameOf(property) === 'code' ? [] : [node]
    }
    case 'Identifier': {
      const meant = names.get(node['value'] as string)
      return meant === undefined ? [node] : all(...meant)
    }
    default:
      return [node]
  }
}

/**
 * The initial values of a file's names, as far as a code may come from them. Parameters and destructured objects have
 * none.
 */
function namesIn(root: Node): ReadonlyMap<string, readonly Node[]> {
  const names = new Map<string, readonly Node[]>([['code', []]])
  const functions = new Map<string, Node>()
  for (const node of nodesOf(root))
    if (node.type === 'FunctionDeclaration') functions.set(nameOf(node['identifier']) ?? '', node)
  for (const node of nodesOf(root)) {
    if (node.type !== 'VariableDeclarator' || !node['init']) continue
    const id = node['id'] as Node
    const init = node['init'] as Node
    if (id.type === 'Identifier') names.set(id['value'] as string, [...(names.get(id['value'] as string) ?? []), init])
    const place =
      id.type === 'ArrayPattern'
        ? (id['elements'] as (Node | null)[]).findIndex((element) => nameOf(element) === 'code')
        : -1
    if (place >= 0) names.set('code', [...(names.get('code') ?? []), ...returned(init, place, functions)])
  }
  return names
}

/** The elements at one index of the arrays that a called function of the same file returns. */
function returned(call: Node, place: number, functions: ReadonlyMap<string, Node>): readonly Node[] {
  const called = functions.get(nameOf(call['callee']) ?? '')
  if (called === undefined) return []
  return [...nodesOf(called)]
    .filter(({ type }) => type === 'ReturnStatement')
    .flatMap((statement): readonly Node[] => {
      const value = statement['argument'] as Node
      if (value.type === 'CallExpression') return returned(value, place, functions)
      return value.type === 'ArrayExpression'
        ? [(value['elements'] as { expression: Node }[])[place]?.expression ?? value]
        : [value]
    })
}

/** The declared functions with a parameter named `code`, and the index of that parameter. */
function codeTakers(roots: readonly Node[]): readonly (readonly [name: string, place: number])[] {
  return [...nodesOf(roots)]
    .filter(({ type }) => type === 'FunctionDeclaration')
    .flatMap((node) => {
      const place = (node['params'] as { pat: Node }[]).findIndex(({ pat }) => nameOf(pat) === 'code')
      return place < 0 ? [] : [[nameOf(node['identifier']) ?? '', place] as const]
    })
}

/** Codes in SQL such as `jsonb_build_object('code', 'interrupted' …)`. */
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
  return node.type === 'CallExpression' ? `${shown(node['callee'] as Node)}()` : (nameOf(node) ?? node.type)
}

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && typeof value.type === 'string') yield value as Node
  for (const part of Object.values(value)) yield* nodesOf(part)
}
