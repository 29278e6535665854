import { Fault } from '../../model/fault.ts'
import type { ProblemList } from '../problem-list.ts'
import { readYaml } from './read-yaml.ts'
import type { SourceMap } from './source-node.ts'
import type { WhenUnset } from './variables.ts'

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
