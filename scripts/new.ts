/**
 * `npm run new target|warehouse|behavior|command NAME`: writes and registers one that type-checks and passes its kit.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fill, kinds, problemWith } from './scaffold.ts'

const root = join(import.meta.dirname, '..')
const [kind, id] = process.argv.slice(2)
const problem = problemWith(kind, id)
const chosen = kinds[kind ?? '']
if (problem !== undefined || kind === undefined || id === undefined || chosen === undefined) {
  console.error(problem)
  process.exit(2)
}

const templates = join(import.meta.dirname, 'templates', kind)
const files = globSync('**/*.txt', { cwd: templates })
  .toSorted()
  .map((template) => ({
    path: fill(join(chosen.folder, template.replace(/\.txt$/, '')), id),
    text: fill(readFileSync(join(templates, template), 'utf8'), id),
  }))
const taken = files.find(({ path }) => existsSync(join(root, path)))
if (taken !== undefined) {
  console.error(`${taken.path} is there already: choose another name`)
  process.exit(2)
}

for (const { path, text } of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  console.log(`wrote ${path}`)
}
// How lines break depends on the length of the name.
const formatter = join(root, 'node_modules', '.bin', 'oxfmt')
const formatted = spawnSync(
  formatter,
  files.map(({ path }) => path),
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
const generated = spawnSync(process.execPath, [join(import.meta.dirname, 'gen.ts')], { stdio: 'inherit' })
console.log(chosen.next)
process.exitCode = formatted.status || (generated.status ?? 1)
