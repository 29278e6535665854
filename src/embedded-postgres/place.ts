import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Fault } from '../model/fault.ts'
import { claimData } from './claim.ts'
import { canReach, giveTree, nobody, weAreRoot, writePrivate, type Owner } from './owner.ts'

/** `postgres.json` in the home directory: where the data are, and how the server was last started. */
export interface ServerState {
  /**
   * In the file it is relative to the home directory, so that a copied or moved project uses its own data; absolute if
   * a person moved the data elsewhere.
   */
  readonly data: string
  /** False until initdb has finished once. */
  readonly initialised: boolean
  readonly port?: number
  readonly pid?: number
  /** Where that process runs: a pid means nothing in another container or on another host. */
  readonly machine?: string
}

export interface DataPlace {
  readonly data: string
  /** Undefined: the server runs as our user. */
  readonly owner: Owner | undefined
  readonly initialised: boolean
}

const dataName = 'postgres'

/**
 * Creates the home directory, private to our user. Root lets other users pass through it (not list it), because the
 * server's unprivileged user must reach the data in it; secrets in it are files of mode 0600.
 */
export async function prepareHome(home: string): Promise<string> {
  try {
    await mkdir(dirname(home), { recursive: true })
    if (!existsSync(home)) await mkdir(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Fault(
      'usage',
      `Cannot create the directory ${home}: ${error instanceof Error ? error.message : String(error)}.`,
      {
        code: 'home-not-writable',
        advice: 'Set TAILRACE_HOME to a directory that you can write to.',
        cause: error,
      },
    )
  }
  const { uid, mode } = await stat(home)
  if (weAreRoot() && uid === 0) await chmod(home, (mode & 0o777) | 0o011)
  return await realpath(home)
}

/** Finds the data of this home, and makes sure that they belong to it and that PostgreSQL accepts them. */
export async function choosePlace(home: string): Promise<DataPlace> {
  const state = await readState(home)
  const initialised = state?.initialised ?? false
  const named = locateData(home, state)
  if (!existsSync(named)) {
    if (initialised) throw goneFault(home, named)
    if (state === undefined) await writeState(home, { data: named, initialised: false })
    return { data: named, owner: await ownerOfNew(home), initialised }
  }
  const data = await realpath(named)
  await rejectAnothers(data)
  await claimData(home, data)
  return { data, owner: await repairRights(data), initialised }
}

export async function readState(home: string): Promise<ServerState | undefined> {
  const file = join(home, 'postgres.json')
  if (!existsSync(file)) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as ServerState
  } catch (error) {
    throw new Fault('config', `${file} is not JSON: the file was changed.`, {
      code: 'embedded-state-broken',
      advice: `The file must name the data directory: {"data":"${dataName}","initialised":true}`,
      cause: error,
    })
  }
}

export async function writeState(home: string, state: ServerState): Promise<void> {
  const data = state.data.startsWith(home + sep) ? relative(home, state.data) : state.data
  await writePrivate(home, 'postgres.json', JSON.stringify({ ...state, data }, undefined, 2) + '\n')
}

/** The superuser's password, generated once. Initialised data need the password they were initialised with. */
export async function readPassword(home: string, initialised: boolean): Promise<string> {
  const file = join(home, 'postgres.password')
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  if (initialised) {
    throw new Fault('config', `The password of the embedded PostgreSQL is missing: ${file} does not exist.`, {
      code: 'embedded-password-gone',
      advice: `Restore the file. Or delete ${join(home, 'postgres.json')} and move the data away to start with an empty database.`,
    })
  }
  const password = randomBytes(24).toString('base64url')
  await writePrivate(home, 'postgres.password', password + '\n')
  return password
}

/**
 * Earlier versions stored an absolute path also for data in the folder, which in a copied folder names the original's
 * data. So a folder with data of its own uses these, and data of another project are never used.
 */
function locateData(home: string, state: ServerState | undefined): string {
  const inside = join(home, dataName)
  const named = resolve(home, state?.data ?? dataName)
  const isAnothers = dirname(named) !== home && existsSync(join(dirname(named), 'postgres.json'))
  return isAnothers || existsSync(join(inside, 'PG_VERSION')) ? inside : named
}

function goneFault(home: string, data: string): Fault {
  return new Fault('config', `The data of the embedded PostgreSQL is missing: ${data} does not exist.`, {
    code: 'embedded-data-gone',
    advice: `Restore the directory (a copy or backup of a project must contain all of ${home}), or delete ${join(home, 'postgres.json')} to start with an empty database.`,
  })
}

/** On Linux the server enters its data through its working directory, wherever they are (binaries.ts). */
async function ownerOfNew(home: string): Promise<Owner | undefined> {
  if (!weAreRoot()) return undefined
  if (process.platform === 'linux' || (await canReach(home, nobody))) return nobody
  throw new Fault('usage', `PostgreSQL does not run as root, and no other user can access ${home}.`, {
    code: 'embedded-no-place',
    advice:
      'Run as an ordinary user, set TAILRACE_HOME to a directory that other users can access, or set DATABASE_URL.',
  })
}

async function rejectAnothers(data: string): Promise<void> {
  const { uid } = await stat(data)
  if (weAreRoot() || uid === process.getuid?.()) return
  throw new Fault('config', `The data of the embedded PostgreSQL in ${data} belongs to another user (uid ${uid}).`, {
    code: 'embedded-not-yours',
    advice: `Run this command as that user, or become the owner of the whole folder: sudo chown -R "$(id -u)" ${dirname(data)}`,
  })
}

/** Copies and restores lose owner and modes, and PostgreSQL accepts no data without them. */
async function repairRights(data: string): Promise<Owner | undefined> {
  const { uid, gid, mode } = await stat(data)
  const owner = uid === 0 ? nobody : { uid, gid }
  if (uid === 0) await giveTree(data, owner)
  if ((mode & 0o027) !== 0) await chmod(data, 0o700)
  return weAreRoot() ? owner : undefined
}
