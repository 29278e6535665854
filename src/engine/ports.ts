import type { Pool } from 'pg'
import type { Log } from '../connect/io.ts'
import type { RunStatus } from '../model/run.ts'
import type { ProxyVariables } from '../http/proxy-route.ts'

/** What a process hands to the engine: everything that is not the same each time. */
export interface Ports {
  readonly database: Pool
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** Who runs it, for people: `host:pid`. */
  readonly worker: string
  readonly log: Log
  readonly progress: (progress: Progress) => void
  /** The environment, as far as it names proxies for Targets (default: none). */
  readonly proxies?: ProxyVariables
  /** Stop safely: finish what is in flight, settle, say where it stands. */
  readonly stop: AbortSignal
  /** Stop at once: what is in flight stays in doubt. */
  readonly abort: AbortSignal
}

/** Where a Run stands. Sent whenever something moved; whoever shows it decides how often. */
export interface Progress {
  readonly run: number
  readonly activation: string
  readonly status: RunStatus
  readonly read: number
  readonly invalid: number
  readonly planned: number
  readonly answered: number
  readonly failed: number
  /** Requests that are not yet answered. */
  readonly pending: number
  /** Requests the Target will still take in this window, and when the window ends (epoch ms); undefined before its first answer. */
  readonly rate: { readonly limit: number; readonly remaining: number; readonly resetsAt: number } | undefined
}
