import type { HttpReply, HttpRequest } from './io.ts'

/** One of the vendor's limits on requests. A request takes its turn in every limit that applies to it. */
export interface RateLimit {
  /** Unique in its policy. People read it: `requests in 10 s`, `search requests`, `requests a day`. */
  readonly name: string
  /**
   * - `fixed window`: a number of requests in each period; a new period begins when the last one ends.
   * - `rolling window`: a number of requests in any period of this length.
   * - `quota`: a number of requests in a long period. When it is used up, the Run ends as deferred, and continues when it
   *   returns.
   */
  readonly kind: 'fixed window' | 'rolling window' | 'quota'
  /** Who shares it: all users of these credentials (one app), or of the account (all its apps). */
  readonly scope: 'token' | 'account'
  /** Requests per period until a reply reports the true number. */
  readonly requests: number
  /** Length of the period in milliseconds. */
  readonly perMs: number
  /** Share of the limit, 0 to 0.9, that is left to the customer's other apps (default 0). */
  readonly reserve?: number
  /** Default: to every request. */
  applies?(request: HttpRequest): boolean
  /** Reads the limit from a reply's headers (names in lower case). Undefined if they do not report it. */
  read?(headers: Readonly<Record<string, string>>): ReportedLimit | undefined
  /** Quotas: the end of the period that contains `now`, both in epoch milliseconds, if the vendor's rule is known. */
  resetsAt?(now: number): number
}

/** What a reply reports of a limit. */
export interface ReportedLimit {
  /** Requests per period. */
  readonly limit?: number
  /** Requests left in the period, this one already counted. */
  readonly remaining?: number
  /** Milliseconds until the period ends. */
  readonly resetsInMs?: number
  /** End of the period, in epoch milliseconds of the vendor's clock. For fixed windows it also names the window. */
  readonly resetsAt?: number
}

/**
 * What an answer that is not 2xx means, where the status alone does not say it.
 *
 * - `limited`: over `limit` (default: the first limit that applies). Not applied; sent again when the limit allows it.
 * - `exhausted`: `limit` is used up. No further call of it starts. If it returns within a minute the Run waits, else the
 *   Run ends as deferred.
 * - `busy`: too much at once. Not applied; sent again, with half as many requests in flight.
 * - `token-expired`: like 401. Not applied.
 * - `retry`: temporary trouble. The request may have been applied; it is sent again if it is repeatable.
 */
export interface ReplyVerdict {
  readonly is: 'limited' | 'exhausted' | 'busy' | 'token-expired' | 'retry'
  /** The name of the limit. */
  readonly limit?: string
  /** Milliseconds to wait, if the vendor says so in another way than with `retry-after`. */
  readonly afterMs?: number
}

/** Undefined: the status says what the answer means. */
export type JudgeReply = (reply: HttpReply) => ReplyVerdict | undefined
