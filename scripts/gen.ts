/**
 * `npm run gen`: writes what follows from the contents of folders and from schemas. `--check` writes nothing and fails when a
 * file is not what it would write.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registries } from './registries.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

const isFresh = settle(registries(list))
// The pages are made by loading what the registries list: those must be right first.
if (isFresh || !check) settle(await (await import('./docs/reference-pages.ts')).referencePages())

/** Writes, or with --check names, the files that are not as they should be; says whether there were none. */
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
    // A folder counts from the moment it has a door.
    directories: entries.filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'index.ts'))).map(({ name }) => name),
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
  }
}
