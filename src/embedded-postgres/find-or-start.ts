import { existsSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Fault } from '../model/fault.ts'
import { findBinaries } from './binaries.ts'
import { claimData } from './claim.ts'
import { identityOf } from './folder.ts'
import { checkMajorVersion, initCluster, superuser } from './init-cluster.ts'
import { choosePlace, readPassword, readState, writeState, type ServerState } from './place.ts'
import { findPostmaster, startPostmaster, stopPostmaster, type Postmaster, type RunningServer } from './postmaster.ts'
import { turnTimeoutMs } from './turn.ts'

export interface FoundServer extends RunningServer {
  readonly data: string
  /** Contains the password. */
  readonly url: string
  readonly port: number
  /** False: it was running already. */
  readonly started: boolean
}

export interface FindOptions {
  readonly home: string
  readonly settings: Readonly<Record<string, string>>
  /** Other processes, in any container, use this home. */
  readonly inUse: boolean
}

/** The server of this home, running and answering. Call it within `inTurn`. */
export async function findOrStart({ home, settings, inUse }: FindOptions): Promise<FoundServer> {
  const { data, owner, initialised } = await choosePlace(home)
  const password = await readPassword(home, initialised)
  const urlOf = ({ port }: Postmaster) =>
    `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  const found = (server: Postmaster, started: boolean): FoundServer => ({
    data,
    id: identityOf(data),
    pid: server.pid,
    port: server.port,
    url: urlOf(server),
    started,
  })
  const running = await settledPostmaster(data, urlOf)
  if (running !== undefined) return found(running, false)
  const machine = await machineName()
  const last = await readState(home)
  if (inUse) rejectElsewhere(home, last, machine)
  const binaries = await findBinaries(home, owner)
  if (!existsSync(data)) {
    await initCluster(binaries, data, password, owner)
    await claimData(home, data)
  }
  await checkMajorVersion(binaries, data)
  const server = await startPostmaster({ home, data, binaries, owner, settings, lastPort: last?.port })
  try {
    await writeState(home, { data, initialised: true, port: server.port, pid: server.pid, machine })
  } catch (error) {
    // For example, the disk is full: a server without a saved state must not keep running.
    await stopPostmaster(found(server, true))
    throw error
  }
  return found(server, true)
}

/** The running server once it answers; undefined: none runs. Waits for one that is starting, recovering or stopping. */
async function settledPostmaster(data: string, urlOf: (server: Postmaster) => string): Promise<Postmaster | undefined> {
  const deadline = performance.now() + turnTimeoutMs
  for (;;) {
    const server = findPostmaster(data)
    if (server === undefined) return undefined
    if (server.status === 'ready' && (await answers(urlOf(server)))) return server
    if (performance.now() > deadline) {
      throw new Fault(
        'transient',
        `The embedded PostgreSQL (process ${server.pid}, data in ${data}) is running but does not answer.`,
        {
          code: 'embedded-silent',
          advice: `Stop it (kill ${server.pid}) and try again.`,
        },
      )
    }
    await delay(10)
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {
    /* a broken connection also fails the query below */
  })
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28') === true) {
      throw new Fault('config', 'The embedded PostgreSQL rejects the password in the file next to its data.', {
        code: 'embedded-password',
        advice: 'Restore the original postgres.password.',
        cause: error,
      })
    }
    return false
  } finally {
    await client.end()
  }
}

/** Two containers may share a project without seeing each other's server. A second one would destroy the data. */
function rejectElsewhere(home: string, state: ServerState | undefined, machine: string): void {
  if (state?.machine === undefined || state.machine === machine) return
  throw new Fault(
    'usage',
    `The database in ${home} is in use in another container or on another host (${state.machine}).`,
    {
      code: 'embedded-elsewhere',
      advice:
        'Stop the other one first, run this command in that container or on that host, or set DATABASE_URL to the same PostgreSQL server for both.',
    },
  )
}

async function machineName(): Promise<string> {
  return process.platform === 'linux' ? `${hostname()} ${await readlink('/proc/self/ns/pid')}` : hostname()
}
