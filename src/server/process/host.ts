import type { Command } from 'commander'
import type { Connectors } from '../../config/config.ts'
import type { Log } from '../../connect/io.ts'
import type { emulators } from '../../targets/emulators.gen.ts'
import type { StopSignals } from './stop-signals.ts'
import type { Terminal } from './terminal.ts'

/** What main.ts gives to the commands: everything of the process except the command line itself. */
export interface Host {
  readonly version: string
  /** The package's own folder. */
  readonly packageDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Milliseconds since the epoch; by the control database's clock once it is open. */
  readonly now: () => number
  /** From now on `now` uses this clock. */
  follow(now: () => number): void
  readonly random: () => number
  /** Display name of this process: `host:pid`. */
  readonly worker: string
  readonly terminal: Terminal
  readonly log: Log
  readonly connectors: Connectors
  readonly emulators: typeof emulators
  readonly stops: StopSignals
  /** Sets the exit code for the end of the command. */
  exit(code: number): void
}

export interface GlobalOptions {
  /** The path as the user wrote it. */
  readonly config: string
  readonly json: boolean
}

const defaultConfig = 'tailrace.yaml'
const hosts = new WeakMap<Command, Host>()

/** Gives all commands of a program access to a Host. */
export function equip(program: Command, host: Host): void {
  hosts.set(program, host)
}

export function hostOf(command: Command): Host {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const host = hosts.get(at)
    if (host !== undefined) return host
  }
  throw new Error(`the command ${command.name()} has no host`)
}

/** For commands whose only Target is an emulator in this process, which no proxy can reach. */
export function withoutProxies(host: Host): Host {
  return { ...host, env: { ...host.env, no_proxy: '*' } }
}

export function globalsOf(command: Command): GlobalOptions {
  const { config, json } = command.optsWithGlobals<{ config?: string; json?: boolean }>()
  return { config: config ?? defaultConfig, json: json === true }
}

/** The option that a suggested command needs to use the same config: ` --config FILE`, or nothing. */
export function configOption({ config }: GlobalOptions): string {
  return config === defaultConfig
    ? ''
    : ` --config ${/^[\w./-]+$/.test(config) ? config : `'${config.replaceAll("'", "'\\''")}'`}`
}

/** A running emulated Intercom. */
export type Intercom = Awaited<ReturnType<Awaited<ReturnType<Host['emulators']['intercom']>>['startIntercomEmulator']>>
