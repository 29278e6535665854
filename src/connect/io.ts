/** All that a connector may touch. No fetch, no clock, no environment, no store: those belong to the engine. */
export interface Io {
  readonly http: { send(request: HttpRequest): Promise<HttpReply> }
  readonly log: Log
  /** Aborted when the Run must stop at once. */
  readonly signal: AbortSignal
  readonly memory: Memory
}

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/**
 * Small facts worth keeping between Runs: `connection` facts hold for the account (e.g. "bulk tagging answered oddly"),
 * `activation` facts for one Activation (e.g. the id of the tag it was created with). Empty during checks of an unsaved
 * Activation; a connector must work without it.
 */
export interface Memory {
  get(scope: MemoryScope, name: string): Promise<string | undefined>
  set(scope: MemoryScope, name: string, value: string): Promise<void>
}
export type MemoryScope = 'connection' | 'activation'

/**
 * One HTTP request, as data. The engine adds base URL, auth and headers, waits for its turn within the rate limit, and
 * repeats it after transient trouble (429, 408, 5xx, resets, timeouts, bodies that are not JSON) when `repeatable`.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the base URL, starting with `/`. Every part that comes from data must go through `encodeURIComponent`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Does it change anything in the Target? Search by POST is a read. Runs report both counts. */
  readonly effect: 'read' | 'write'
  /** May it be sent again when the first answer was lost? True for reads and for idempotent writes. */
  readonly repeatable: boolean
  /** Give up on one attempt after this many milliseconds (default 30,000). */
  readonly timeoutMs?: number
}

/**
 * An answer the engine takes as final: any 2xx with JSON or an empty body, and 4xx other than 408 and 429.
 * All else is repeated, and in the end thrown as a Fault: `transient` (see its `mayHaveApplied`), or `auth` for 401.
 */
export interface HttpReply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, or undefined when the body was empty. */
  readonly body: unknown
  /** The vendor's request id, where it gave one. */
  readonly requestId: string | undefined
}

/** How to talk to one account: data, obeyed by the engine's one client per Connection. */
export interface HttpPolicy {
  readonly baseUrl: string
  readonly auth: { readonly bearer: string }
  readonly headers?: Readonly<Record<string, string>>
  /** Requests in flight at once, at most. */
  readonly concurrency: number
  /** Which reply header carries the vendor's request id. */
  readonly requestIdHeader?: string
  /** Fixed windows, and the reply headers that report them. */
  readonly rate: {
    /** Length of the vendor's fixed window in milliseconds. */
    readonly windowMs: number
    /** Requests per window to assume until a reply has told the true figure. */
    readonly assumed: number
    /** Requests a window may carry, e.g. `x-ratelimit-limit`. */
    readonly limitHeader: string
    /** What is left in this window. */
    readonly remainingHeader: string
    /** Unix seconds at which the window ends. */
    readonly resetHeader: string
    /** Share of each window, 0 to 0.9, that is left to the customer's other apps (default 0). */
    readonly reserve?: number
  }
}
