/**
 * `npm run gen`: writes the files that are generated from folder contents and schemas. `--check` writes nothing, and
 * fails when a generated file is out of date.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registries } from './registries.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

const isFresh = settle(registries(list))
// The reference pages load what the registries list, so the registries must be correct first.
if (isFresh || !check) settle(await (await import('./docs/reference-pages.ts')).referencePages())

/** Writes the outdated files, or names them with --check. Returns whether all were up to date. */
function settle(files: readonly { readonly path: string; readonly text: string }[]): boolean {
  const stale = files.filter(({ path, text }) => read(path) !== text)
  for (const { path, text } of stale) {
    if (check) console.log(`${path} is stale: run npm run gen`)
    else {
      writeFileSync(join(root, path), text)
      console.log(`wrote ${path}`)
    }
  }
  if (check && stale.length > 0) process.exitCode = 1
  return stale.length === 0
}

function read(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined
}

function list(folder: string): { directories: string[]; folders: string[]; files: string[] } {
  if (!existsSync(join(root, folder))) return { directories: [], folders: [], files: [] }
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return {
    // A folder counts once it has an index.ts.
    directories: entries
      .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'index.ts')))
      .map(({ name }) => name),
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
  }
}
