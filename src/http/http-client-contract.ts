import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpReply, HttpRequest, Log } from '../connect/io.ts'
import type { ActivationLock } from '../store/runs/activation-lock.ts'
import type { TokenStore } from './auth/token-store.ts'
import type { CapturedCall } from './captured-call.ts'
import type { Backoff } from './limits/backoff.ts'
import type { ProxyRoute, ProxyVariables } from './proxy-route.ts'
import type { ExhaustedLimit } from './pacer.ts'
import type { ReportedLimitUse } from './reported-limits.ts'
import type { LimitBudgets } from './shared-budget/limit-budgets.ts'

export interface HttpClientOptions {
  readonly policy: HttpPolicy
  /** Redacted from every message, together with the policy's token. */
  readonly secrets: readonly string[]
  /** Ends everything at once: calls are rejected with a Fault `cancelled`. */
  readonly signal: AbortSignal
  /**
   * While `isSure` is false, no request is sent: it is retried later. When the lock becomes unsure, all connections are
   * reset, which discards bytes that have not left this machine. Omitted: always sure.
   */
  readonly lock?: Pick<ActivationLock, 'isSure' | 'whenUnsure'>
  /**
   * After this, no write starts. Requests in flight may still be answered for `stopMs`, and reads continue for as long.
   */
  readonly stop?: AbortSignal
  /** Epoch milliseconds. No attempt starts at or after this time, and none lasts more than `answerMs` beyond it. */
  readonly deadline?: number
  /** One call is retried for at most this long (default 60,000). Waiting for the rate limit does not count. */
  readonly patienceMs?: number
  /** If the host was never reached, give up after this time (default 5,000). */
  readonly firstContactMs?: number
  /** Wait between attempts (default 250 ms, at most 30 s). */
  readonly backoff?: Backoff
  /** Environment variables that name proxies (default: none). */
  readonly proxies?: ProxyVariables
  /** Keeps OAuth tokens, shared by all workers. Default: the token lives as long as this client. */
  readonly tokens?: TokenStore
  now(): number
  /** In [0, 1). */
  random(): number
  readonly log: Log
}

export interface HttpClient {
  /** `seen` receives the finished call, whatever its result. */
  send(request: HttpRequest, seen?: CapturedCall[]): Promise<HttpReply>
  /** Redacts this Connection's secrets from a text. */
  redact(text: string): string
  /** Requests that were really sent, by effect; how many of them were retries; and answers over a limit. */
  readonly counts: { readonly read: number; readonly write: number; readonly retried: number; readonly limited: number }
  /** Calls not yet answered: queued, in flight, or waiting for a retry. */
  readonly pending: number
  /** Resolves when fewer than `2 * concurrency` calls are pending. Never rejects. */
  hasCapacity(): Promise<void>
  /** From now on every request takes a permit from each budget that the clients of this account share. */
  useBudgets(budgets: LimitBudgets): void
  /** Number of calls still to come, queued ones included. They go at once if they fit into the window, else evenly. */
  expect(calls: number): void
  /** The vendor's limits as replies reported them, in the order of the policy. Times are by our clock. */
  readonly limits: readonly ReportedLimitUse[]
  /** The limit that is used up, if calls were rejected over it because it returns too late. */
  readonly exhausted: ExhaustedLimit | undefined
  /** The proxy for all requests, if the environment names one. */
  readonly proxy: Pick<ProxyRoute, 'label' | 'variable'> | undefined
  /** Waits for pending calls, accepts no new ones, and closes the connections. */
  close(): Promise<void>
}
