import { existsSync, globSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { Fault } from '../model/fault.ts'

/**
 * Finds the case files: the named ones (with `*` and `**`), or else `tailrace.test.yaml` beside tailrace.yaml and every
 * `*.tailrace-test.yaml` in its folder.
 */
export function findCaseFiles(named: readonly string[], configFile: string): readonly string[] {
  if (named.length > 0) {
    const found = named.map((name) => (!existsSync(name) && name.includes('*') ? matching(name) : [name]))
    const none = named.find((_, index) => found[index]?.length === 0)
    if (none !== undefined) throw new Fault('usage', `No file matches ${none}.`, { code: 'cases-not-found' })
    return [...new Set(found.flat())]
  }
  const dir = dirname(configFile)
  const usual = join(dir, `${basename(configFile).replace(/\.ya?ml$/, '')}.test.yaml`)
  const files = [...(existsSync(usual) ? [usual] : []), ...matching(join(dir, '*.tailrace-test.yaml'))]
  if (files.length > 0) return files
  throw new Fault('usage', `There is no ${usual}.`, {
    code: 'cases-not-found',
    advice: 'Write cases into that file, or name other files with cases. See docs/testing-your-activations.md.',
  })
}

function matching(pattern: string): readonly string[] {
  return globSync(pattern)
    .map((file) => relative('', file))
    .toSorted()
}
