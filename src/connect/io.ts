/** Everything a connector may use. It has no fetch, clock, environment or store: those belong to the engine. */
export interface Io<Config = unknown> {
  /** The Connection's config, as its schema parsed it. */
  readonly config: Config
  readonly http: { send(request: HttpRequest): Promise<HttpReply> }
  readonly log: Log
  /** Aborted when the Run must stop at once. */
  readonly signal: AbortSignal
  readonly memory: Memory
}

/** What `deliver` may use besides. */
export interface DeliverIo<Config = unknown> extends Io<Config> {
  readonly ticket: Ticket
  /**
   * Only the results of an earlier call are wanted. Work that the Target has not begun is abandoned, and its Operations are
   * answered with `on-hold`: the rows may have changed since, and they are planned again.
   */
  readonly collects: boolean
  /**
   * Waits `ms` milliseconds before a job is asked again. Throws a Fault on a stop and at the Run's deadline: let it through,
   * and a later Run calls `deliver` with the ticket.
   */
  wait(ms: number): Promise<void>
}

/**
 * Names the job of the Target that works on a batch, so that its results are collected even if the process ends. It is
 * saved with the batch's mark. As long as a batch has a ticket and no Outcomes, each Run first calls `deliver` again with the same
 * Operations, the ticket and `collects`. So `deliver` must continue from any stage. A job that the Target no longer knows, and
 * one that it may have begun without a way to tell, are answered with Outcomes `unconfirmed`.
 */
export interface Ticket {
  /** As saved last, by this process or an earlier one. Undefined: no job was started for this batch. */
  readonly saved: string | undefined
  /** At most 4,000 characters, without secrets. Resolves once it is durable. Throws a Fault if this Run was taken over. */
  save(text: string): Promise<void>
}

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/**
 * Small facts to keep between Runs. `connection` facts apply to the account ("bulk tagging gave a strange answer"),
 * `activation` facts to one Activation (the id of the tag that it created). Empty during checks of an unsaved
 * Activation, so a connector must work without it.
 */
export interface Memory {
  get(scope: MemoryScope, name: string): Promise<string | undefined>
  set(scope: MemoryScope, name: string, value: string): Promise<void>
}
export type MemoryScope = 'connection' | 'activation'

/**
 * One HTTP request, as data. The engine adds base URL, auth and headers and paces it within the rate limit. If it is
 * `repeatable`, the engine repeats it after a temporary error: 429, 408, 5xx, reset, timeout, or a body that is not
 * JSON although JSON was asked for.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /**
   * Path below the base URL, starting with `/`. Every part that comes from data must go through `encodeURIComponent`.
   */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /**
   * Sent as it is instead of `body`, in UTF-8: CSV, a form. `type` is the content type. A text that is produced while it
   * is sent is a function, called once per attempt: each call must give the same text. So it can be sent again after a
   * 401 or a lost answer.
   */
  readonly text?: { readonly type: string; readonly body: string | (() => AsyncIterable<string>) }
  /**
   * The form of a 2xx answer (default `json`). `text`: `HttpReply.body` is a string. `stream`: `HttpReply.stream`.
   * Other answers have parsed JSON as their body, or, unless JSON was asked for, their text.
   */
  readonly accept?: 'json' | 'text' | 'stream'
  /** Whether it can change anything in the Target. A search by POST is a read. Runs report both counts. */
  readonly effect: 'read' | 'write'
  /** Whether it may be sent again when its answer was lost. True for reads and for idempotent writes. */
  readonly repeatable: boolean
  /** Time limit of one attempt in milliseconds (default 30,000). Of a stream: for each part of the answer. */
  readonly timeoutMs?: number
}

/**
 * A final answer: any 2xx with a body as asked for or an empty one, and 4xx other than 401, 408 and 429.
 * Other answers end as a Fault: `auth` for 401, `config` for a redirect, else `transient` (see its `mayHaveApplied`).
 */
export interface HttpReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON or text, by `HttpRequest.accept`. Undefined when the body was empty, or is a stream. */
  readonly body: unknown
  /**
   * The text of a 2xx answer to a request with `accept: stream`. Read it once, and soon: its connection waits. Memory
   * stays flat at any size. It ends early with a Fault when the connection breaks, when the Run is cancelled, or at the
   * deadline. Leaving the loop closes the connection.
   */
  readonly stream?: AsyncIterable<string>
  /** The vendor's request id, if it sent one. */
  readonly requestId: string | undefined
}
