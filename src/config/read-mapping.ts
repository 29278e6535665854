import type { MappedField, Mapping } from '../model/mapping.ts'
import type { Path, ProblemList } from './problem-list.ts'
import { nodeAt, type SourceMap } from './source/source-node.ts'

/** The mapping of values to Fields, as far as the file alone shows it; undefined if nothing is mapped. */
export function readMapping(
  fields: readonly MappedField[] | undefined,
  autoMap: boolean | undefined,
  node: SourceMap,
  path: Path,
  problems: ProblemList,
): Mapping | undefined {
  for (const { field, from } of fields ?? []) {
    if (!('constant' in from) || typeof from.constant !== 'number') continue
    const at = ['mapping', field, 'constant']
    const written = nodeAt(node, at)
    // YAML reads 007 as 7, and we cannot know which one is meant.
    if (written?.kind === 'scalar' && written.written !== undefined && written.written !== String(from.constant)) {
      const message = `${written.written} is the number ${from.constant} in YAML; write that number, or put quotes around it to keep it as text`
      problems.add(written.position, [...path, ...at], message)
    }
  }
  return fields === undefined && autoMap !== true ? undefined : { fields: fields ?? [], autoMap: autoMap ?? false }
}
