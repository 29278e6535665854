import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Pool } from 'pg'
import type { TailraceConfig } from '../../config/config.ts'
import { nearestNames } from '../../model/nearest-names.ts'
import type { Activation } from '../../engine/activation.ts'
import type { Ports } from '../../engine/ports.ts'
import { Fault } from '../../model/fault.ts'
import type { TokenStore } from '../../http/auth/token-store.ts'
import { openControlDatabase, type ControlDatabase } from '../../store/database/control-database.ts'
import type { ProcessFacts } from '../../store/queue/processes.ts'
import type { GlobalOptions, Host } from './host.ts'

/** Reads tailrace.yaml. From then on its secrets are redacted from output. */
export async function loadProject(host: Host, { config: file }: GlobalOptions): Promise<TailraceConfig> {
  // Loaded on demand: commands that only show history do not need it.
  const { loadConfig } = await import('../../config/load-config.ts')
  const config = await loadConfig({ file, env: host.env, connectors: host.connectors })
  host.terminal.hide([...config.warehouses.values(), ...config.targets.values()].flatMap(({ secrets }) => secrets))
  return config
}

export async function findInProject(host: Host, config: TailraceConfig, name: string): Promise<Activation> {
  if (!config.activations.has(name)) throw unknownActivation(name, [...config.activations.keys()], config.file)
  const { assembleActivation } = await import('../../assemble.ts')
  return await assembleActivation(config, name, host.connectors)
}

export function unknownActivation(name: string, known: readonly string[], where: string): Fault {
  const near = nearestNames(name, known)
    .slice(0, 3)
    .map((each) => `"${each}"`)
  return new Fault('usage', `There is no activation "${name}" in ${where}.`, {
    code: 'activation-not-found',
    advice: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : listOf(known),
  })
}

function listOf(known: readonly string[]): string {
  if (known.length === 0) return 'There are no activations yet.'
  return known.length > 20
    ? `There are ${known.length}, such as ${known.slice(0, 5).join(', ')}.`
    : `There are: ${known.join(', ')}.`
}

/** Opens the project's control database while `work` runs. `work` may hold leases of Activations. */
export async function withDatabase<T>(
  host: Host,
  globals: GlobalOptions,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  return await whileOpen(host, globals, factsOf(host, 'command'), work)
}

/** How this process appears in the list of processes that use the control database. */
export function factsOf({ worker, version }: Host, kind: ProcessFacts['kind'], concurrency = 0): ProcessFacts {
  return { name: worker, kind, version, concurrency }
}

async function whileOpen<T>(
  host: Host,
  globals: GlobalOptions,
  process: ProcessFacts | undefined,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const database = await openProjectDatabase(host, homeOf(host, globals.config), host.env['DATABASE_URL'], (options) =>
    openControlDatabase({ ...options, ...(process && { process }) }),
  )
  try {
    return await work(database.pool)
  } finally {
    await database.close()
  }
}

/**
 * For commands that only show history. They read the config on demand, because that takes longer than the rest, and
 * they also work with a config that does not load. Without a config and without state the command fails: the folder is
 * wrong.
 */
export async function withHistory<T>(
  host: Host,
  globals: GlobalOptions,
  work: (pool: Pool, config: () => Promise<TailraceConfig | undefined>) => Promise<T>,
): Promise<T> {
  const isElsewhere = !host.env['DATABASE_URL'] && !existsSync(homeOf(host, globals.config))
  const read = async (): Promise<TailraceConfig | undefined> =>
    await loadProject(host, globals).catch((error: unknown) => {
      if (!Fault.is(error) || error.kind !== 'usage' || isElsewhere) throw error
      host.log.info('the config was not read', { why: error.message })
      return undefined
    })
  const early = isElsewhere ? await read() : undefined
  return await whileOpen(host, globals, undefined, (pool) => work(pool, async () => early ?? (await read())))
}

export async function openProjectDatabase(
  host: Host,
  home: string,
  databaseUrl: string | undefined,
  open: typeof openControlDatabase = openControlDatabase,
): Promise<ControlDatabase> {
  if (databaseUrl) host.terminal.hide(passwordOf(databaseUrl))
  else if (!host.env['TAILRACE_HOME'] && !existsSync(dirname(home))) {
    throw new Fault('usage', `There is no folder ${dirname(home)}.`, {
      code: 'config-not-found',
      advice: 'Correct --config; state is kept in the folder of that file.',
    })
  }
  // The first start takes seconds, so tell the user what they wait for.
  host.terminal.live('Opening the control database …')
  const database = await open({ home, ...(databaseUrl && { databaseUrl }) }).finally(() =>
    host.terminal.live(undefined),
  )
  host.terminal.hide(passwordOf(database.url))
  // Clocks of different machines may disagree.
  host.follow(database.now)
  return database
}

/** `tokens` is left out where no Target can use OAuth. */
export function portsOf(host: Host, database: Pool, progress: Ports['progress'], tokens?: TokenStore): Ports {
  const { now, random, worker, log, stops, env: proxies } = host
  const { stop, abort } = stops
  return { database, now, random, worker, log, progress, proxies, stop, abort, ...(tokens && { tokens }) }
}

/** The folder of the state: beside the config file, unless TAILRACE_HOME is set. */
export function homeOf(host: Host, configFile: string): string {
  const home = host.env['TAILRACE_HOME']
  return home ? resolve(host.cwd, home) : join(dirname(resolve(host.cwd, configFile)), '.tailrace')
}

/** The parts of a database URL that must not be shown. */
export function passwordOf(url: string): string[] {
  if (!URL.canParse(url)) return [url]
  const { password } = new URL(url)
  return password === '' ? [] : [password, decodeURIComponent(password)]
}
