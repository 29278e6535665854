import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { canReach, giveToOwnerOf, nobody, weAreRoot, type Owner } from './owner.ts'
import { outsidePlace } from './outside-place.ts'

/** `postgres.json` in the home directory: where the data are, and the server as it was last started. */
export interface ServerState {
  readonly data: string
  /** False until initdb has finished once. */
  readonly initialised: boolean
  readonly port?: number
  readonly pid?: number
  /** Where that process runs: a pid means nothing in another container or on another host. */
  readonly machine?: string
}

export interface Place {
  readonly data: string
  /** Undefined: the server runs as we do. */
  readonly owner: Owner | undefined
  readonly initialised: boolean
}

/**
 * Makes the home directory, private to us. Root lets others pass through it (not look into it), since the server's
 * unprivileged user must reach the data in there; secrets within are files of mode 0600.
 */
export async function prepareHome(home: string): Promise<string> {
  try {
    await mkdir(dirname(home), { recursive: true })
    if (!existsSync(home)) await mkdir(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Fault('usage', `Cannot make the directory ${home}: ${error instanceof Error ? error.message : String(error)}.`, {
      code: 'home-not-writable',
      advice: 'Set TAILRACE_HOME to a directory that you may write to.',
      cause: error,
    })
  }
  const { uid, mode } = await stat(home)
  if (weAreRoot() && uid === 0) await chmod(home, (mode & 0o777) | 0o011)
  return await realpath(home)
}

/** Decides, once per project, where the data live: in the home directory, or where root's unprivileged user can reach them. */
export async function choosePlace(home: string): Promise<Place> {
  const state = await readState(home)
  if (state?.initialised === true && !existsSync(state.data)) {
    throw new Fault('config', `The data of the embedded PostgreSQL are gone: ${state.data} does not exist.`, {
      code: 'embedded-data-gone',
      advice: `Put the directory back, or delete ${join(home, 'postgres.json')} to begin with an empty database.`,
    })
  }
  const root = weAreRoot()
  const data = state?.data ?? await newPlace(home)
  if (!root) return { data, owner: undefined, initialised: state?.initialised ?? false }
  const owner = existsSync(data) ? await stat(data) : nobody
  return {
    data,
    owner: owner.uid === 0 ? nobody : { uid: owner.uid, gid: owner.gid },
    initialised: state?.initialised ?? false,
  }
}

export async function readState(home: string): Promise<ServerState | undefined> {
  const file = join(home, 'postgres.json')
  if (!existsSync(file)) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as ServerState
  } catch (error) {
    throw new Fault('config', `${file} is not JSON: somebody changed it.`, {
      code: 'embedded-state-broken',
      advice: `It must name the data directory: {"data":"${join(home, 'postgres')}","initialised":true}`,
      cause: error,
    })
  }
}

export async function writeState(home: string, state: ServerState): Promise<void> {
  await writePrivate(home, 'postgres.json', JSON.stringify(state, undefined, 2) + '\n')
}

/** The superuser's password, made up once; needed with data that were initialised with it. */
export async function readPassword(home: string, initialised: boolean): Promise<string> {
  const file = join(home, 'postgres.password')
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  if (initialised) {
    throw new Fault('config', `The password of the embedded PostgreSQL is gone: ${file} does not exist.`, {
      code: 'embedded-password-gone',
      advice: `Put the file back, or delete ${join(home, 'postgres.json')} and move the data away to begin anew.`,
    })
  }
  const password = randomBytes(24).toString('base64url')
  await writePrivate(home, 'postgres.password', password + '\n')
  return password
}

async function newPlace(home: string): Promise<string> {
  const data = !weAreRoot() || await canReach(home, nobody)
    ? join(home, 'postgres')
    : join(await outsidePlace(home), 'postgres')
  await writeState(home, { data, initialised: false })
  return data
}

export async function writePrivate(home: string, name: string, text: string): Promise<void> {
  const file = join(home, name)
  const fresh = join(home, `.${name}.${randomBytes(4).toString('hex')}`)
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await giveToOwnerOf(home, fresh)
  await rename(fresh, file)
}
