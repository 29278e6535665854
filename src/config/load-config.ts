import { dirname, resolve } from 'node:path'
import type { Connectors, TailraceConfig } from './config.ts'
import { createProblemList } from './problem-list.ts'
import { readProject } from './read-project.ts'
import { allSchemes, createReferences, keepUnresolved } from './references/resolve-reference.ts'
import { readRoot } from './source/read-yaml.ts'
import { readTextFile } from './source/read-text-file.ts'
import type { WhenUnset } from './source/variables.ts'

export interface LoadOptions {
  /** As the user wrote it; messages show it in this form. */
  readonly file: string
  /** Values for `${VAR}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connectors: Connectors
  /** Default: `refuse`. */
  readonly whenUnset?: WhenUnset
}

/**
 * Reads and validates tailrace.yaml, with the files and commands that its Connections refer to. Throws a Fault `usage`: `config-not-found`,
 * `config-unreadable`, or a ConfigFault `config-invalid` with every problem.
 */
export async function loadConfig({
  file,
  env,
  connectors,
  whenUnset = 'refuse',
}: LoadOptions): Promise<TailraceConfig> {
  const text = await readTextFile(file, {
    code: 'config-not-found',
    advice: '"tailrace init" writes a file to start from; --config names another path',
  })
  const problems = createProblemList(file)
  const root = readRoot(text, env, problems, whenUnset)
  const dir = dirname(resolve(file))
  const all = createReferences({ dir, env, allowed: allSchemes })
  const references = whenUnset === 'refuse' ? all : keepUnresolved(all)
  const project = await readProject(root, connectors, references, problems)
  problems.throwIfAny()
  return {
    file: resolve(file),
    dir,
    ...project,
  }
}
