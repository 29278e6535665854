import type { Path, ProblemList } from '../problem-list.ts'
import type { SourceNode, SourceScalar } from '../source/source-node.ts'
import { shownReference } from './reference.ts'
import type { References } from './resolve-reference.ts'

/** The node with the values of its references. What cannot be resolved is a problem at its place. */
export async function resolveNode(
  node: SourceNode,
  path: Path,
  references: References,
  problems: ProblemList,
): Promise<SourceNode> {
  if (node.kind === 'scalar') return await resolveScalar(node, path, references, problems)
  // One at a time: a program may ask its user to sign in.
  if (node.kind === 'list') {
    const items: SourceNode[] = []
    for (const [index, item] of node.items.entries())
      items.push(await resolveNode(item, [...path, index], references, problems))
    return { ...node, items }
  }
  const entries = new Map(node.entries)
  for (const [key, entry] of node.entries)
    entries.set(key, { ...entry, node: await resolveNode(entry.node, [...path, key], references, problems) })
  return { ...node, entries }
}

async function resolveScalar(
  scalar: SourceScalar,
  path: Path,
  references: References,
  problems: ProblemList,
): Promise<SourceScalar> {
  const { reference, broken, position } = scalar
  if (reference === undefined || broken) return scalar
  const resolved = 'trouble' in reference ? reference : await references.resolve(reference)
  if ('trouble' in resolved) {
    problems.add(position, path, resolved.trouble)
    return { ...scalar, broken: true }
  }
  const origin = 'scheme' in reference ? shownReference(reference) : ''
  return { ...scalar, value: resolved.text, variables: [], wholeVariable: true, origin }
}
