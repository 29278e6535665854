import type { Pool } from 'pg'
import type { Log } from '../connect/io.ts'
import type { RunStatus } from '../model/run.ts'
import type { TokenStore } from '../http/auth/token-store.ts'
import type { ProxyVariables } from '../http/proxy-route.ts'

/** What a process passes to the engine: everything that differs between processes. */
export interface Ports {
  readonly database: Pool
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** The process that runs it, for people: `host:pid`. */
  readonly worker: string
  readonly log: Log
  readonly progress: (progress: Progress) => void
  /** Environment variables that name proxies for Targets. Default: none. */
  readonly proxies?: ProxyVariables
  /** Keeps OAuth tokens, shared by all workers. Default: each client keeps its own token in memory. */
  readonly tokens?: TokenStore
  /** Stop safely: finish calls in flight, settle, and report. */
  readonly stop: AbortSignal
  /** Stop at once: calls in flight stay unconfirmed. */
  readonly abort: AbortSignal
}

export interface RateLeft {
  readonly name: string
  readonly limit: number
  readonly remaining: number
  /** End of its period, in epoch milliseconds. Undefined for a window that rolls. */
  readonly resetsAt: number | undefined
}

/** Progress of a Run. Sent after every change; the receiver limits how often it is shown. */
export interface Progress {
  readonly run: number
  readonly activation: string
  readonly status: RunStatus
  readonly read: number
  readonly invalid: number
  readonly planned: number
  readonly answered: number
  readonly failed: number
  /** Requests without an answer yet. */
  readonly pending: number
  /** The rate limit with the smallest share left. Undefined before the Target's first answer. */
  readonly rate: RateLeft | undefined
}
