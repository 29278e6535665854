import type { Log } from '../connect/io.ts'
import type { ProxyVariables } from '../http/proxy-route.ts'
import type { RunHub } from '../engine/jobs/run-hub.ts'
import type { ControlDatabase } from '../store/database/control-database.ts'
import type { Sealer } from '../store/project/sealer.ts'
import type { GuardRule } from '../rules/guardrails.ts'
import type { Project } from './project/saved-project.ts'

/** All that the routes of the API stand on, handed in by the process. */
export interface Services {
  readonly database: ControlDatabase
  readonly project: Project
  readonly sealer: Sealer
  readonly runs: RunControl
  readonly access: Access
  /** Addresses or networks, with commas between, of proxies whose word is taken for who asks, and by which protocol. */
  readonly proxies?: string | undefined
  /** The environment, as far as it names proxies for Targets. */
  readonly outward?: ProxyVariables
  readonly server: ServerFacts
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** Aborted when the process stops: requests under way are given up. */
  readonly abort: AbortSignal
  /** Blots out every secret that is known by now. */
  readonly redact: (text: string) => string
  /** Directory of the UI's built files; left out: there is no UI here. */
  readonly ui?: string
}

/** `password`: whoever listens on more than this machine must have one. */
export type Access = { readonly kind: 'local' } | { readonly kind: 'password'; readonly password: string }

export interface ServerFacts {
  readonly version: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Who works on Runs here, for people: `host:pid`. */
  readonly worker: string
  /** Runs at a time. */
  readonly concurrency: number
  readonly keepRunsDays: number
  /** Where state lives. */
  readonly home: string
  readonly configFile: string | null
}

/** What routes may ask of the part of the process that works on Runs. */
export interface RunControl {
  /** Runs that this process works on now. */
  readonly running: number
  /** Queues a Run; answers its number, null while it waits for a free worker. */
  start(activation: string, how: { readonly allow: readonly GuardRule[]; readonly canary?: number; readonly plan?: number }): Promise<number | null>
  /** Queues that a Run be taken back; answers the number of the Run that does it, null while it waits. */
  undo(activation: string, run: number): Promise<number | null>
  /** Takes a job that waits out of the queue. */
  unqueue(id: string): Promise<void>
  /** Where Runs stand, in this process and in others. */
  readonly hub: Pick<RunHub, 'current' | 'subscribe'>
  /** Activations were saved, paused, resumed or deleted: schedules are looked at again, and whoever watches is told. */
  changed(activations: readonly string[]): void
}
