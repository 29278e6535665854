/**
 * A Fault is a failure of a whole Run (or of a command), never of one Record. Its kind says who must act:
 *
 * - `usage`     the user: a wrong command line or a wrong tailrace.yaml. Exit code 2.
 * - `config`    the owner of the Activation: SQL that fails, a tag that does not exist, an immutable setting.
 * - `auth`      the owner of the Connection: a bad token, a missing scope, a wrong password.
 * - `transient` no one, it passes with time: unreachable host, 5xx, rate limit, a database that is starting.
 * - `blocked`   the owner: a guardrail or another rule of Tailrace ended it before the first write. Exit code 3.
 * - `stopped`   the owner: a guardrail or the canary ended a Run after writes. Exit code 5.
 * - `cancelled` no one: a person cancelled it.
 * - `bug`       the developers of Tailrace.
 */
export type FaultKind = 'usage' | 'config' | 'auth' | 'transient' | 'blocked' | 'stopped' | 'cancelled' | 'bug'

export interface FaultDetails {
  /** Stable, kebab-case, e.g. `tag-not-found`. Users may search for it. */
  readonly code: string
  /** What to do about it, as a sentence. */
  readonly advice?: string
  /** Where: a file position, an activation, a connection; printed before the message. */
  readonly where?: string
  /** The vendor's id of the request that failed, when there was one. */
  readonly requestId?: string
  /**
   * For transient Faults of a request: may the Target have applied it? `false` only if it certainly did not
   * (the request was never sent, or the server said that it did nothing).
   */
  readonly mayHaveApplied?: boolean
  /** For a limit of the Target that is used up: when it returns, in epoch milliseconds. */
  readonly returnsAt?: number
  /** For an invalid query: the position, both counted from 1. */
  readonly at?: { readonly line: number; readonly column: number }
  readonly cause?: unknown
}

const brand = Symbol.for('tailrace.Fault')

export class Fault extends Error {
  readonly kind: FaultKind
  readonly code: string
  readonly advice: string | undefined
  readonly where: string | undefined
  readonly requestId: string | undefined
  readonly mayHaveApplied: boolean
  readonly returnsAt: number | undefined
  readonly at: { readonly line: number; readonly column: number } | undefined

  constructor(kind: FaultKind, message: string, details: FaultDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'Fault'
    this.kind = kind
    this.code = details.code
    this.advice = details.advice
    this.where = details.where
    this.requestId = details.requestId
    this.mayHaveApplied = details.mayHaveApplied ?? false
    this.returnsAt = details.returnsAt
    this.at = details.at
    Object.defineProperty(this, brand, { value: true })
  }

  /** True also for Faults from another copy of this module. */
  static is(error: unknown): error is Fault {
    return typeof error === 'object' && error !== null && brand in error
  }
}
