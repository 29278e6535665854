/**
 * One word per concept in code, messages and docs: the glossary of the design holds. A word that has another meaning in
 * one place is allowed there by path.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { repoFiles, root } from './repo-files.ts'
import { retiredNames } from './retired-names.ts'

interface Ban {
  readonly word: RegExp
  readonly say: string
  /** Path prefixes where the word has another meaning. */
  readonly allowed?: readonly string[]
}

const bans: readonly Ban[] = [
  { word: /\bdestinations?\b/i, say: 'Target', allowed: ['scripts/pack.test.ts'] },
  { word: /\bsync[ -]?modes?\b/i, say: 'SyncBehavior' },
  { word: /\b(data )?pipelines?\b/i, say: 'Activation' },
  { word: /\bdata sources?\b|\bsourceConnection/i, say: 'Warehouse' },
  { word: /\breverse ETL jobs?\b|\bsync jobs?\b/i, say: 'Run' },
  { word: /\bsinks?\b/i, say: 'Target' },
  { word: /\bexternal[ _]keys?\b/i, say: 'Identifier' },
  { word: /\b(TODO|FIXME|XXX|HACK)\b/, say: 'an issue, or nothing' },
]
/** File names that do not say what the file contains. */
const namelessFile =
  /^(utils?|helpers?|common|misc|types|manager|service|base|impl|handlers?)\.|-(utils?|helpers?|manager|service|impl)\./
/** Files that name the banned words in order to ban or explain them. */
const aboutWords = [
  'scripts/check-words.ts',
  'scripts/retired-names.ts',
  'docs/words.md',
  'LICENSE',
  'package-lock.json',
]

let found = 0
for (const file of repoFiles()) {
  if (namelessFile.test(basename(file))) complain(file, 0, 'is named after no thing: which noun does it hold?')
  if (aboutWords.includes(file) || !/\.(ts|tsx|mjs|md|sql|yaml|yml|sh)$/.test(file)) continue
  const text = readFileSync(join(root, file), 'utf8')
  for (const { name, say } of retiredNames(file, text))
    complain(file, 0, `the name "${name}" holds a retired word: say ${say}`)
  for (const [index, line] of text.split('\n').entries()) {
    for (const { word, say, allowed = [] } of bans) {
      const match = word.exec(line)
      if (match && !allowed.some((path) => file.startsWith(path)))
        complain(file, index + 1, `"${match[0]}": say ${say}`)
    }
  }
}
process.exitCode = found > 0 ? 1 : 0

function complain(file: string, line: number, what: string): void {
  found += 1
  console.log(`${file}${line > 0 ? `:${line}` : ''} ${what}`)
}
