import { existsSync } from 'node:fs'
import { readFile, readlink, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Fault } from '../../model/fault.ts'
import { findBinaries } from './binaries.ts'
import { lockWithin, tryLock, type FileLock } from './file-lock.ts'
import { checkMajorVersion, initCluster, superuser } from './init-cluster.ts'
import { choosePlace, prepareHome, readPassword, readState, writePrivate, writeState, type Place, type ServerState } from './place.ts'
import { findPostmaster, orderStop, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts'

export interface EmbeddedServerOptions {
  /** Absolute path of the .tailrace directory; made if missing. */
  readonly home: string
  /** Server settings beside ours, e.g. `{ fsync: 'off' }` for tests. They count when this call starts the server. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedServer {
  /** Contains the password: never log it. */
  readonly url: string
  readonly data: string
  readonly pid: number
  /** True when this call started the server, false when it found one running. */
  readonly started: boolean
  /** Leaves the server, and stops it if nobody else uses it. */
  release(): Promise<void>
}

const turnTimeoutMs = 180_000

/**
 * The PostgreSQL server of one project, shared by all its Tailrace processes: the first starts it, the last stops it.
 * Each user holds a shared kernel lock for as long as it lives, so "am I the last?" is asked of the kernel, and a user
 * that was killed does not count. A server that outlived its users is found and used again.
 */
export async function openEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const home = await prepareHome(options.home)
  const usersFile = join(home, 'postgres.users')
  const turn = await takeTurn(home)
  let use: FileLock | undefined
  try {
    const alone = tryLock(usersFile, 'exclusive')
    alone?.release()
    use = await lockWithin(usersFile, 'shared', turnTimeoutMs)
    if (use === undefined) throw heldFault(home, undefined)
    const mine = use
    const place = await choosePlace(home)
    let pid = 0
    const stopIfLast = () => {
      mine.release()
      // With patience: another that leaves at the same moment must not be taken for one that stays.
      const last = existsSync(home) ? tryLock(usersFile, 'exclusive', 50) : undefined
      if (last !== undefined || !existsSync(home)) orderStop(place.data, pid)
      return last
    }
    process.once('exit', stopIfLast)
    try {
      const { server, url, started } = await findOrStart(home, place, options.settings ?? {}, alone === undefined)
      pid = server.pid
      let released: Promise<void> | undefined
      const release = async () => {
        process.off('exit', stopIfLast)
        await leave(home, place.data, pid, mine)
      }
      return { url, data: place.data, pid, started, release: () => released ??= release() }
    } catch (error) {
      process.off('exit', stopIfLast)
      stopIfLast()?.release()
      throw error
    }
  } catch (error) {
    use?.release()
    throw error
  } finally {
    await endTurn(home, turn)
  }
}

async function findOrStart(home: string, place: Place, settings: Readonly<Record<string, string>>, inUse: boolean) {
  const { data, owner } = place
  const password = await readPassword(home, place.initialised)
  const urlOf = ({ port }: Postmaster) => `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  const running = await settledPostmaster(data, urlOf)
  if (running !== undefined) return { server: running, url: urlOf(running), started: false }
  const machine = await machineName()
  const last = await readState(home)
  if (inUse) refuseElsewhere(home, last, machine)
  const binaries = await findBinaries(home, owner)
  if (!existsSync(data)) await initCluster(binaries, data, password, owner)
  await checkMajorVersion(binaries, data)
  const server = await startPostmaster({ home, data, binaries, owner, settings, lastPort: last?.port })
  await writeState(home, { data, initialised: true, port: server.port, pid: server.pid, machine })
  return { server, url: urlOf(server), started: true }
}

/** The running server once it answers; undefined once there is none. Waits for one that is starting, recovering or stopping. */
async function settledPostmaster(data: string, urlOf: (server: Postmaster) => string): Promise<Postmaster | undefined> {
  const deadline = performance.now() + turnTimeoutMs
  for (;;) {
    const server = findPostmaster(data)
    if (server === undefined) return undefined
    if (server.status === 'ready' && await answers(urlOf(server))) return server
    if (performance.now() > deadline) {
      throw new Fault('transient', `The embedded PostgreSQL (process ${server.pid}, data in ${data}) is there but does not answer.`, {
        code: 'embedded-silent',
        advice: `Stop it (kill ${server.pid}) and try again.`,
      })
    }
    await delay(10)
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => { /* a broken connection also fails the query below */ })
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28') === true) {
      throw new Fault('config', 'The embedded PostgreSQL refuses the password kept beside its data.', {
        code: 'embedded-password',
        advice: 'Put the right postgres.password back.',
        cause: error,
      })
    }
    return false
  } finally {
    await client.end()
  }
}

/** Two containers may share a project, but neither sees the other's server: a second one on the same data would destroy them. */
function refuseElsewhere(home: string, state: ServerState | undefined, machine: string): void {
  if (state?.machine === undefined || state.machine === machine) return
  throw new Fault('usage', `The database in ${home} is in use in another container or on another host (${state.machine}).`, {
    code: 'embedded-elsewhere',
    advice: 'Stop that one first, run this command in there, or give both the same PostgreSQL with DATABASE_URL.',
  })
}

async function machineName(): Promise<string> {
  return process.platform === 'linux' ? `${hostname()} ${await readlink('/proc/self/ns/pid')}` : hostname()
}

async function leave(home: string, data: string, pid: number, use: FileLock): Promise<void> {
  if (!existsSync(home)) {
    use.release()
    await stopPostmaster(data, pid)
    return
  }
  const turn = await takeTurn(home)
  try {
    use.release()
    const alone = tryLock(join(home, 'postgres.users'), 'exclusive')
    if (alone === undefined) return
    try {
      await stopPostmaster(data, pid)
    } finally {
      alone.release()
    }
  } finally {
    await endTurn(home, turn)
  }
}

/** Starting and stopping go one process at a time. */
async function takeTurn(home: string): Promise<FileLock> {
  const turn = await lockWithin(join(home, 'postgres.lock'), 'exclusive', turnTimeoutMs)
  const holder = join(home, 'postgres.lock.pid')
  if (turn === undefined) throw heldFault(home, existsSync(holder) ? await readFile(holder, 'utf8') : undefined)
  await writePrivate(home, 'postgres.lock.pid', `${process.pid}\n`)
  return turn
}

async function endTurn(home: string, turn: FileLock): Promise<void> {
  await rm(join(home, 'postgres.lock.pid'), { force: true })
  turn.release()
}

function heldFault(home: string, pid: string | undefined): Fault {
  const who = pid === undefined ? 'another Tailrace process' : `the Tailrace process ${pid.trim()}`
  return new Fault('transient', `The database in ${home} is still being started or stopped by ${who}.`, {
    code: 'embedded-busy',
    advice: 'Wait for it, or end that process, and try again.',
  })
}
