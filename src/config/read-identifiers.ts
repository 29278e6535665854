import type { TargetObject } from '../connect/target.ts'
import type { ActivationConfig, IdentifierConfig } from './config.ts'
import { noSuch } from './describe-issue.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { isBroken, nodeAt, type SourceEntry, type SourceMap } from './source/source-node.ts'

interface Written {
  readonly field?: string | undefined
  readonly column: string
}

export type Identifiers = Pick<ActivationConfig, 'identifier' | 'fallbacks'>

/**
 * Reads the identifiers; the first of a list comes first. Returns undefined and adds problems if one of them is wrong.
 */
export function readIdentifiers(
  written: Written | readonly Written[] | undefined,
  object: TargetObject | undefined,
  node: SourceMap,
  entry: SourceEntry,
  path: Path,
  problems: ProblemList,
): Identifiers | undefined {
  if (written === undefined || object === undefined) return undefined
  const isList = Array.isArray(written)
  const [identifier, ...fallbacks] = [written]
    .flat()
    .map((each, index) =>
      readIdentifier(each, object, isList ? ['identifier', index] : ['identifier'], node, entry, path, problems),
    )
  if (identifier === undefined || !fallbacks.every((each) => each !== undefined)) return undefined
  const all = [identifier, ...fallbacks]
  const twice = all.findIndex(({ field }, index) => all.findIndex((other) => other.field === field) < index)
  if (twice === -1) return { identifier, fallbacks }
  const at = ['identifier', twice]
  problems.add(
    nodeAt(node, [...at, 'field'])?.position ?? nodeAt(node, at)?.position ?? entry.position,
    [...path, ...at, 'field'],
    `"${all[twice]?.field}" is in this list twice; name each identifier once`,
  )
  return undefined
}

function readIdentifier(
  written: Written,
  object: TargetObject,
  at: Path,
  node: SourceMap,
  entry: SourceEntry,
  path: Path,
  problems: ProblemList,
): IdentifierConfig | undefined {
  const fields = object.identifiers.map(({ field }) => field)
  const field = written.field ?? (fields.length === 1 ? fields[0] : undefined)
  if (field !== undefined && fields.includes(field)) return { field, column: written.column }
  const fieldNode = nodeAt(node, [...at, 'field'])
  if (fieldNode !== undefined && isBroken(fieldNode)) return undefined
  const around = at.length > 1 ? nodeAt(node, at)?.position : node.entries.get('identifier')?.position
  const message =
    field === undefined || fieldNode === undefined
      ? `is required, because ${object.id} has several identifiers: ${fields.join(', ')}`
      : noSuch(`identifier of ${object.id}`, field, fieldNode, fields, 'its identifiers')
  problems.add(fieldNode?.position ?? around ?? entry.position, [...path, ...at, 'field'], message)
  return undefined
}
