import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

const bin = '/usr/lib/postgresql/15/bin'

/**
 * Our SQL must run on PostgreSQL 15, so the store's tests run on 15 and on the bundled 18. Returns whether PostgreSQL
 * 15 is installed. Installs the Debian package if it can (root, apt).
 */
export function ensurePostgres15(): boolean {
  if (existsSync(join(bin, 'postgres'))) return true
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  console.log('Installing postgresql-15, for the tests that run on the oldest supported version …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] }
  spawnSync('apt-get', ['update', '-q'], options)
  const install = [
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confold',
    'postgresql-15',
  ]
  if (spawnSync('apt-get', install, options).status !== 0)
    console.log('… which failed: see above. Tests on PostgreSQL 15 will be skipped.')
  return existsSync(join(bin, 'postgres'))
}

/**
 * Starts a PostgreSQL 15 server on a free port of 127.0.0.1 with its data below `directory`, without crash safety. As
 * root it runs as `nobody`, because PostgreSQL refuses to run as root.
 */
export async function startPostgres15(directory: string): Promise<{ url: string; stop(): void }> {
  const data = join(directory, 'postgres-15')
  const password = randomBytes(12).toString('hex')
  const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
  const passwordFile = join(directory, 'postgres-15.password')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (owner !== undefined) for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid)
  const program = (name: string, args: readonly string[]): void => {
    const { status, stderr, error } = spawnSync(join(bin, name), args, {
      ...owner,
      cwd: data,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`${name} of PostgreSQL 15 failed: ${error?.message ?? stderr}`)
  }
  program('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '-N',
  ])
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    max_connections: 200,
  }
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ')
  program('pg_ctl', ['-D', data, '-l', join(data, 'server.log'), '-o', options, '-w', 'start'])
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: () => program('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
