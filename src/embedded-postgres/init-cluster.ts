import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Fault } from '../model/fault.ts'
import { workingIn, type Binaries } from './binaries.ts'
import type { Owner } from './owner.ts'

export const superuser = 'tailrace'

/**
 * Creates the data directory. It is created beside its final place and renamed when it is complete, so that a killed
 * process leaves no incomplete directory under the final name. Deletes the leftovers of killed processes.
 */
export async function initCluster(
  binaries: Binaries,
  data: string,
  password: string,
  owner: Owner | undefined,
): Promise<void> {
  const parent = dirname(data)
  const prefix = `${basename(data)}.new-`
  const staging = await mkdtemp(join(parent, prefix))
  const passwordFile = join(staging, 'password')
  const fresh = join(staging, 'data')
  await writeFile(passwordFile, password + '\n', { mode: 0o600 })
  await mkdir(fresh, { mode: 0o700 })
  if (owner !== undefined) {
    for (const path of [staging, passwordFile, fresh]) await chown(path, owner.uid, owner.gid)
  }
  await runInitdb(binaries, fresh, owner)
  await rename(fresh, data)
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  for (const name of leftovers)
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

/** Rejects data of another major version of PostgreSQL. */
export async function checkMajorVersion(binaries: Binaries, data: string): Promise<void> {
  const file = join(data, 'PG_VERSION')
  if (!existsSync(file)) {
    throw new Fault('config', `${data} is not a PostgreSQL data directory: it contains no PG_VERSION.`, {
      code: 'embedded-not-data',
      advice: 'Move it away to start with an empty database.',
    })
  }
  const major = (await readFile(file, 'utf8')).trim()
  if (major === binaries.major) return
  throw new Fault(
    'config',
    `The data in ${data} is from PostgreSQL ${major}; this version of Tailrace contains PostgreSQL ${binaries.major}.`,
    {
      code: 'embedded-version',
      advice: `Install the Tailrace version with PostgreSQL ${major} again, or move the data with pg_dump and set DATABASE_URL.`,
    },
  )
}

async function runInitdb(binaries: Binaries, data: string, owner: Owner | undefined): Promise<void> {
  const { cwd, here } = workingIn(data)
  const options = [
    '-D',
    here,
    '-U',
    superuser,
    `--pwfile=${here}/../password`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ]
  const initdb = join(binaries.bin, 'initdb')
  try {
    await promisify(execFile)(initdb, options, {
      cwd,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      ...owner,
    })
  } catch (error) {
    const words =
      error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== ''
        ? error.stderr.trim()
        : String(error)
    throw new Fault('config', `The embedded PostgreSQL cannot create its data directory ${data}: ${words}`, {
      code: 'embedded-init-failed',
      advice: adviceFor(words),
      cause: error,
    })
  }
}

function adviceFor(words: string): string {
  if (words.includes('could not look up effective user ID')) {
    return (
      'PostgreSQL requires an entry for its user in /etc/passwd (with docker run --user 1234 there may be none): add one, ' +
      'or set DATABASE_URL.'
    )
  }
  return (
    'Check that the disk has free space and is writable (and that the system is not Alpine Linux: the programs need glibc), ' +
    'or set DATABASE_URL.'
  )
}
