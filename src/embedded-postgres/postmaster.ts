import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../model/fault.ts'
import { workingIn, type Binaries } from './binaries.ts'
import { identityOf } from './folder.ts'
import { giveToOwnerOf, type Owner } from './owner.ts'

export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly status: string
}

export interface StartOptions {
  readonly home: string
  readonly data: string
  readonly binaries: Binaries
  readonly owner: Owner | undefined
  readonly settings: Readonly<Record<string, string>>
  /** The port of last time: used again if it is free, so that connection pools recover after a crash of the server. */
  readonly lastPort: number | undefined
}

/** A server identified by its data, even if these were renamed or deleted. */
export interface RunningServer {
  readonly pid: number
  /** `identityOf` its data directory. */
  readonly id: string
}

const startTimeoutMs = 120_000
const orphansTimeoutMs = 20_000
const stopTimeoutMs = 60_000
const logLimitBytes = 5_000_000

/**
 * Reads postmaster.pid and checks that the process is the server of these data: the pid may belong to another program
 * by now, or, in a copy, to the original's server.
 */
export function findPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1 || !isServerOf(pid, identityOf(data))) return undefined
  return { pid, port: Number(lines[3]), status: (lines[7] ?? 'starting').trim() }
}

/**
 * Starts the server on a free loopback port, in a session of its own. Otherwise a Ctrl-C in the terminal, which goes to
 * the whole foreground group, would stop PostgreSQL in the middle of a Run.
 */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  const deadline = performance.now() + startTimeoutMs
  const orphansDeadline = performance.now() + orphansTimeoutMs
  for (let attempt = 1; ; attempt++) {
    await rm(join(options.data, 'postmaster.pid'), { force: true })
    const port = attempt === 1 && options.lastPort !== undefined ? options.lastPort : await freePort()
    const started = await tryStart(options, port, deadline)
    if ('pid' in started) return started
    if (attempt < 10 && /Address already in use/.test(started.log)) continue
    // The processes of a killed server end by themselves, a moment later.
    if (performance.now() < orphansDeadline && /pre-existing shared memory block/.test(started.log)) {
      await delay(50)
      continue
    }
    throw new Fault('config', `The embedded PostgreSQL does not start. The end of its log:\n${started.log}`, {
      code: 'embedded-start-failed',
      advice: `The complete log is ${join(options.home, 'postgres.log')}.`,
    })
  }
}

/** Stops the server (open transactions are rolled back) and waits until its process is gone. */
export async function stopPostmaster(server: RunningServer | undefined): Promise<void> {
  if (server === undefined || !isRunning(server)) return
  const { pid } = server
  signal(pid, 'SIGINT')
  const patience = performance.now() + stopTimeoutMs
  let insisted = false
  while (isAlive(pid)) {
    await delay(5)
    if (!insisted && performance.now() > patience) {
      insisted = true
      signal(pid, 'SIGQUIT')
    }
  }
}

/** Only sends the signal, for a process that is exiting and cannot wait. */
export function orderStop(server: RunningServer): void {
  if (isRunning(server)) signal(server.pid, 'SIGINT')
}

export function isRunning({ pid, id }: RunningServer): boolean {
  return isServerOf(pid, id)
}

async function tryStart(options: StartOptions, port: number, deadline: number): Promise<Postmaster | { log: string }> {
  const logFile = join(options.home, 'postgres.log')
  const isLong = existsSync(logFile) && (await stat(logFile)).size > logLimitBytes
  const log = await open(logFile, isLong ? 'w' : 'a', 0o600)
  const before = (await log.stat()).size
  try {
    await giveToOwnerOf(options.home, logFile)
    // `tailrace.data` shows the path in a process list.
    const settings = Object.entries({
      ...serverSettings,
      ...options.settings,
      cluster_name: clusterName(identityOf(options.data)),
      'tailrace.data': options.data,
    })
    const parameters = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const { cwd, here } = workingIn(options.data)
    const child = spawn(join(options.binaries.bin, 'postgres'), ['-D', here, '-p', String(port), ...parameters], {
      cwd,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...options.owner,
    })
    let ended: string | undefined
    child.once('error', (error) => {
      ended = error.message
    })
    child.once('exit', (code, by) => {
      ended ??= `(exit ${code ?? by})`
    })
    child.unref()
    while (ended === undefined) {
      const server = findPostmaster(options.data)
      if (server !== undefined && server.pid === child.pid && server.status === 'ready') return server
      if (performance.now() > deadline) {
        child.kill('SIGQUIT')
        return { log: `not ready after ${startTimeoutMs / 1000} s\n${await tail(logFile, before)}` }
      }
      await delay(5)
    }
    return { log: `${await tail(logFile, before)}${ended}` }
  } finally {
    await log.close()
  }
}

/** Set at every start, so that a newer Tailrace can change them. */
const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '10min',
  checkpoint_completion_target: '0.9',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log must not contain users' statements and rows.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** A process that has ended but was not reaped by its parent is not alive. */
function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false
  if (process.platform !== 'linux') return true
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/**
 * A server has the identity of its data among its arguments. These are readable even if its working directory is not
 * (root in a container).
 */
function isServerOf(pid: number, id: string): boolean {
  return commandLine(pid).includes(`cluster_name=${clusterName(id)}`)
}

function clusterName(id: string): string {
  return `tailrace:${id}`
}

/** The arguments of a process; empty: there is no such process, or it has ended and was not reaped. */
function commandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
      .split(' ')
  } catch {
    return []
  }
}

/** False: there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

async function tail(file: string, from: number): Promise<string> {
  const lines = (await readFile(file)).subarray(from).toString('utf8').trim().split('\n')
  return lines.slice(-12).join('\n') + '\n'
}
