import type { Log } from '../connect/io.ts'
import type { TokenStore } from '../http/auth/token-store.ts'
import type { ProxyVariables } from '../http/proxy-route.ts'
import type { RunHub } from '../engine/jobs/run-hub.ts'
import type { ControlDatabase } from '../store/database/control-database.ts'
import type { Sealer } from '../store/project/sealer.ts'
import type { GuardRule } from '../rules/guardrails.ts'
import type { Project } from './project/saved-project.ts'

/** Everything that the API routes need, provided by the process. */
export interface Services {
  readonly database: ControlDatabase
  readonly project: Project
  readonly sealer: Sealer
  readonly tokens: TokenStore
  readonly runs: RunControl
  readonly access: Access
  /** Trusted proxies for client address and protocol: addresses or networks, separated by commas. */
  readonly proxies?: string | undefined
  /** The environment variables that name proxies for Targets. */
  readonly outward?: ProxyVariables
  readonly server: ServerFacts
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** Aborted when the process stops: pending requests are cancelled. */
  readonly abort: AbortSignal
  /** Removes every known secret from the text. */
  readonly redact: (text: string) => string
  /** Directory of the built UI; omitted: this server has no UI. */
  readonly ui?: string
}

/** `password` is required if the server listens on more than this machine. */
export type Access = { readonly kind: 'local' } | { readonly kind: 'password'; readonly password: string }

export interface ServerFacts {
  readonly version: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Name of this process as a worker: `host:pid`. */
  readonly worker: string
  /** Maximum number of concurrent Runs. */
  readonly concurrency: number
  readonly keepRunsDays: number
  /** Directory of the local state. */
  readonly home: string
  readonly configFile: string | null
}

/** The interface to the part of the process that carries out Runs. */
export interface RunControl {
  /** Number of Runs that this process works on now. */
  readonly running: number
  /** Queues a Run. Returns its number; null while it waits for a free worker. */
  start(
    activation: string,
    how: { readonly allow: readonly GuardRule[]; readonly canary?: number; readonly plan?: number },
  ): Promise<number | null>
  /** Queues the undo of a Run. Returns the number of the undoing Run; null while it waits. */
  undo(activation: string, run: number): Promise<number | null>
  /** Removes a waiting job from the queue. */
  unqueue(id: string): Promise<void>
  /** Progress of Runs in this process and in others. */
  readonly hub: Pick<RunHub, 'current' | 'subscribe'>
  /** Reports that Activations were saved, paused, resumed or deleted: updates schedules and notifies clients. */
  changed(activations: readonly string[]): void
}
