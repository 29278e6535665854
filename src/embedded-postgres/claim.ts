import { existsSync } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Fault } from '../model/fault.ts'
import { identityOf } from './folder.ts'
import { writePrivate } from './owner.ts'

/** `tailrace.json` in the data directory: the project that owns the data. It is copied and moved with the data. */
interface Claim {
  /** Path of the .tailrace directory when this was written. */
  readonly home: string
  readonly homeId: string
  readonly dataId: string
}

const claimFile = 'tailrace.json'
const controlFile = join('global', 'pg_control')

/**
 * Makes sure that this project may use the data after a copy, move, rename or restore, and saves that. Rejects a copy
 * that was made while a server wrote to the original: its files are from different moments. Rejects data outside the
 * folder that another project uses: two projects on one database would each deliver the other's Runs.
 */
export async function claimData(home: string, data: string): Promise<void> {
  const claim = await readClaim(data)
  const mine: Claim = { home, homeId: identityOf(home), dataId: identityOf(data) }
  if (claim !== undefined && claim.dataId !== mine.dataId) await rejectBadCopy(home, data, claim.home)
  if (claim !== undefined && !data.startsWith(home + sep) && claim.homeId !== mine.homeId && claim.home !== home)
    throw foreignFault(home, data, claim.home)
  if (claim?.home !== mine.home || claim.homeId !== mine.homeId || claim.dataId !== mine.dataId)
    await writePrivate(data, claimFile, JSON.stringify(mine, undefined, 2) + '\n')
}

async function readClaim(data: string): Promise<Claim | undefined> {
  const file = join(data, claimFile)
  if (!existsSync(file)) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as Claim
  } catch (error) {
    throw new Fault('config', `${file} is not JSON: the file was changed.`, {
      code: 'embedded-state-broken',
      advice: 'Delete the file: Tailrace writes it again and uses the data as it is.',
      cause: error,
    })
  }
}

async function rejectBadCopy(home: string, data: string, original: string): Promise<void> {
  if (!existsSync(join(data, controlFile))) return
  const again = `Stop Tailrace in the original project (tailrace up, worker, and Runs), delete ${data}, and copy the folder again`
  const empty = `To start with an empty database instead, delete ${data} and ${join(home, 'postgres.json')}.`
  const of = original === home ? 'an earlier database in the same place' : `the database of ${original}`
  if ((await stat(join(data, controlFile))).nlink > 1) {
    throw new Fault(
      'config',
      `The database in ${data} shares its files with ${of}: the folder was copied with hard links (cp -l).`,
      {
        code: 'embedded-copy-linked',
        advice: `${again}, without hard links. ${empty}`,
      },
    )
  }
  if (await wasShutDown(data)) return
  throw new Fault(
    'config',
    `The database in ${data} is a copy of ${of}, made while that database was in use: the files of the copy can be from different moments.`,
    {
      code: 'embedded-copy-torn',
      advice: `${again}. ${empty} Only if nothing ran during the copy (after a crash, or from a snapshot of the whole disk), delete ${join(data, claimFile)}: PostgreSQL then recovers as after a power failure.`,
    },
  )
}

/** Reads pg_control: the state follows the system identifier and two version numbers, in every PostgreSQL since 9. */
async function wasShutDown(data: string): Promise<boolean> {
  if (existsSync(join(data, 'postmaster.pid'))) return false
  const control = await open(join(data, controlFile))
  try {
    const { buffer, bytesRead } = await control.read(Buffer.alloc(4), 0, 4, 16)
    return bytesRead === 4 && buffer.readInt32LE() === 1
  } finally {
    await control.close()
  }
}

function foreignFault(home: string, data: string, original: string): Fault {
  return new Fault(
    'config',
    `The database in ${data} belongs to another project, ${original}. This one (${home}) looks like a copy of that project, without its own data.`,
    {
      code: 'embedded-data-foreign',
      advice:
        `Stop Tailrace in that project, copy ${data} to ${join(home, 'postgres')} and delete ${join(home, 'postgres.json')}. Or delete only that file to start with an empty database. ` +
        `If the other project no longer exists and this project replaces it, delete ${join(data, claimFile)}.`,
    },
  )
}
