/**
 * `npm run lock`: run it after every change of dependencies. Adds the optional packages of other platforms to
 * package-lock.json. `--check` changes nothing, and fails when a package is missing or an entry names the host of a
 * registry.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { entriesWithHost, missingOptionals, type Lock } from './lock.ts'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
const withHost = entriesWithHost(lock)
const missing = missingOptionals(lock)

if (process.argv.includes('--check')) {
  for (const entry of withHost)
    console.log(
      `package-lock.json: ${entry} names the host it came from: run npm install with the repository's .npmrc, then npm run lock`,
    )
  for (const { path: entry } of missing)
    console.log(`package-lock.json: ${entry} is missing, so npm ci would fail: run npm run lock`)
  process.exitCode = withHost.length + missing.length > 0 ? 1 : 0
} else {
  for (const entry of withHost) delete lock.packages[entry]?.resolved
  for (const { path: entry, entry: content } of missing) lock.packages[entry] = content
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`package-lock.json: ${missing.length} entries added, ${withHost.length} hosts removed`)
}
