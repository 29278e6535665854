import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const bin = '/usr/lib/postgresql/15/bin'

/**
 * Our SQL stays within PostgreSQL 15, so the store's tests run on 15 as well as on the bundled 18. Returns the directory of
 * its programs; fetches Debian's package where we may (root, apt), and is undefined elsewhere: those tests are then skipped.
 */
export async function ensurePostgres15(): Promise<string | undefined> {
  if (existsSync(`${bin}/postgres`)) return bin
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined
  console.log('Installing postgresql-15, for the tests that run on the oldest supported version …')
  // Without this file the package would create and start a cluster of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] }
  spawnSync('apt-get', ['update', '-q'], options)
  const install = ['install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', 'postgresql-15']
  if (spawnSync('apt-get', install, options).status !== 0) console.log('… which failed: see above. Tests on PostgreSQL 15 will be skipped.')
  return existsSync(`${bin}/postgres`) ? bin : undefined
}
