import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { createApp } from '../api/create-app.ts'
import { entryEnv } from '../api/project/project-config.ts'
import { entryReferences } from '../api/project/entry-references.ts'
import { openProject, type ProjectOptions } from '../api/project/saved-project.ts'
import { createSecretRegistry } from '../http/redact.ts'
import type { Access, ServerFacts, Services } from '../api/services.ts'
import { Fault } from '../model/fault.ts'
import type { ControlDatabase } from '../store/database/control-database.ts'
import { databaseTokens } from '../http/auth/database-tokens.ts'
import { openSecretKey } from '../store/project/secret-key.ts'
import { createSealer } from '../store/project/sealer.ts'
import type { Host } from './process/host.ts'
import { portTaken } from './server-options.ts'
import { meetProjectFile, type FileStanding } from './project-file.ts'
import { openRunSide, type RunSide } from './run-side.ts'
import type { Worker } from './worker.ts'
import { plural } from '../model/figures.ts'

export interface ServerOptions {
  readonly host: Host
  readonly database: ControlDatabase
  /** Folder of the state. */
  readonly home: string
  /** Absolute path; the file may not exist. Relative paths in the configuration are relative to its folder. */
  readonly configFile: string
  /** Maximum number of parallel Runs. */
  readonly concurrency: number
  readonly keepRunsDays: number
}

/** What a server and a worker have in common: the saved project, and the part that runs its Activations. */
export async function openServerParts({
  host,
  database,
  home,
  configFile,
  keepRunsDays,
}: Omit<ServerOptions, 'concurrency'>) {
  const sealer = createSealer(await openSecretKey(home, host.env['TAILRACE_SECRET_KEY']))
  const tokens = databaseTokens({ pool: () => database.pool, sealer: () => sealer, worker: host.worker })
  const secretRegistry = createSecretRegistry()
  const hide = (secrets: readonly string[]): void => {
    secretRegistry.hide(secrets)
    host.terminal.hide(secrets)
  }
  const projectOptions: ProjectOptions = {
    database: database.pool,
    sealer,
    hide,
    connectors: host.connectors,
    env: entryEnv(host.env),
    references: entryReferences(host.env, dirname(configFile)),
    dir: dirname(configFile),
  }
  const project = openProject(projectOptions)
  const side = await openRunSide({
    database,
    project,
    worker: host.worker,
    log: host.log,
    now: host.now,
    random: host.random,
    keepRunsDays,
    redact: secretRegistry.redact,
    proxies: host.env,
    tokens,
  })
  return { sealer, tokens, secretRegistry, project, projectOptions, side }
}

export interface RunningServer {
  /** Address to open in a browser. */
  readonly url: string
  readonly access: Access
  readonly file: FileStanding
  readonly hasUi: boolean
  readonly side: RunSide
  /** Ends requests and Runs cleanly, in at most `mostMs`. The caller closes the database. */
  close(mostMs: number): Promise<void>
}

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly address: string
  readonly withWorker: boolean
  /** Proxies in front of the server that are trusted to report the client's address, as written. */
  readonly proxies?: string | undefined
}

const loopback = /^(localhost|127(\.\d+){3}|::1)$/

/** Starts API, UI, scheduler and worker in this process. Resolves when it listens. */
export async function startServer(
  options: ServerOptions,
  { port, address, withWorker, proxies }: ListenOptions,
): Promise<RunningServer> {
  const { host, database, home, configFile, concurrency, keepRunsDays } = options
  const access = accessFor(address, host.env['TAILRACE_PASSWORD'])
  const { sealer, tokens, secretRegistry, project, projectOptions, side } = await openServerParts(options)
  const abort = new AbortController()
  try {
    const file = await meetProjectFile(configFile, projectOptions)
    const server: ServerFacts = {
      version: host.version,
      startedAt: host.now(),
      worker: host.worker,
      concurrency: withWorker ? concurrency : 0,
      keepRunsDays,
      home,
      configFile: existsSync(configFile) ? configFile : null,
    }
    const { worker, hub } = side
    const ui = join(host.packageDir, 'dist', 'web')
    const hasUi = existsSync(join(ui, 'index.html'))
    const services: Services = {
      database,
      project,
      sealer,
      tokens,
      access,
      proxies,
      server,
      redact: secretRegistry.redact,
      log: host.log,
      now: host.now,
      random: host.random,
      outward: host.env,
      abort: abort.signal,
      runs: {
        get running() {
          return worker.running
        },
        start: (activation, how) => worker.start({ kind: 'run', activation, ...how }),
        undo: (activation, undoes) => worker.start({ kind: 'undo', activation, undoes }),
        unqueue: worker.unqueue,
        changed: side.changed,
        hub,
      },
      ...(hasUi && { ui }),
    }
    const app = await createApp(services)
    try {
      await app.listen({ port, host: address })
      if (withWorker) await worker.work(concurrency)
      side.keepTime()
    } catch (error) {
      await app.close()
      throw portTaken(port, error)
    }
    const bound = (app.server.address() as AddressInfo).port
    return {
      url: `http://${address.includes(':') ? `[${address}]` : address}:${bound}`,
      access,
      file,
      hasUi,
      side,
      async close(mostMs) {
        abort.abort(new Fault('cancelled', 'The server is stopping.', { code: 'cancelled' }))
        await Promise.all([app.close(), side.stop(mostMs)])
      },
    }
  } catch (error) {
    await side.stop(1000)
    throw error
  }
}

/** A server that other machines can reach needs a password. */
function accessFor(address: string, password: string | undefined): Access {
  if (password) return { kind: 'password', password }
  if (loopback.test(address)) return { kind: 'local' }
  throw new Fault('usage', `A server on ${address} can be reached from other machines, and has no password.`, {
    code: 'password-required',
    advice: 'Set TAILRACE_PASSWORD to a long random text. Or omit --host; then only this machine can reach the server.',
  })
}

/** Time for Runs to finish what is in flight. What takes longer is unconfirmed, and the next Run settles it. */
const mostMs = 10_000

/** Stops cleanly; a second Ctrl-C stops at once. */
export async function stopServer(host: Host, worker: Worker, close: (mostMs: number) => Promise<void>): Promise<void> {
  const { running } = worker
  host.terminal.note(
    running === 0
      ? 'Stopping …'
      : `Stopping: ${plural(running, 'Run')} ${running === 1 ? 'finishes its' : 'finish their'} requests in flight, and ${running === 1 ? 'continues' : 'continue'} when a server runs again … (Ctrl-C again stops at once)`,
  )
  host.stops.abort.addEventListener('abort', () => worker.abort())
  await close(mostMs)
}
