import type { Queued } from './pacing.ts'

/** The rules of one kind of limit: a pure state machine, with its part of a budget that processes share. */
export interface Discipline<State, Ask, Grant> {
  start(): State
  /** Time from which a request may go. Now or earlier: at once. Infinity: only after another answer or grant. */
  goesAt(state: State, now: number): number
  sent(state: State, at: number): State
  /** Counts pauses. A turn keeps the epoch of its start. */
  epochOf(state: State): number
  ended(state: State, end: TurnEnd): State
  /** Nothing of this limit goes before this time. */
  pausedUntil(state: State, until: number): State
  /** Quotas: when the limit allows a request again; now or earlier if it does. */
  returnsAt?(state: State, now: number): number
  shared(state: State, at: number): State
  leaseOf(state: State, now: number): LeaseState | undefined
  /** When to ask the budget; Infinity if it need not be asked. */
  mustAskAt(state: State, queued: Queued): number
  ask(state: State, queued: Queued, at: number): { readonly state: State; readonly ask: Ask; readonly active: number }
  granted(state: State, grant: Grant, active: number, at: number): State
  askFailed(state: State, retryAt: number): State
  figures(state: State, now: number): LimitFigures
}

export interface LeaseState {
  readonly asking: boolean
  readonly askedAt: number
  readonly goodUntil: number
  readonly hasPermit: boolean
}

export interface LimitFigures {
  readonly limit: number
  /** Requests left, as last known. */
  readonly remaining: number
  /** Epoch milliseconds by our clock. Undefined: not known, or a window that rolls. */
  readonly resetsAt: number | undefined
}

/** How a turn ended. */
export interface TurnEnd {
  readonly at: number
  readonly sentAt: number
  readonly epoch: number
  /**
   * - `answered`: with an answer that says nothing against the limit;
   * - `limited`: rejected over this limit;
   * - `lost`: no usable answer, but the server may have counted the request;
   * - `not-sent`.
   */
  readonly how: 'answered' | 'limited' | 'lost' | 'not-sent'
  readonly reported: ReportedFigures | undefined
  /** For `limited`: milliseconds to wait, 0 if the answer does not say. */
  readonly afterMs: number
  /** In [0, 1). */
  readonly random: number
}

/** What a reply reports of a limit. `reset` and `date` are epoch milliseconds of the vendor's clock. */
export interface ReportedFigures {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  /** End of the period. For fixed windows it also identifies the window. */
  readonly reset: number | undefined
  /** Milliseconds until the period ends. */
  readonly resetsInMs: number | undefined
  /** Time of the reply, in whole seconds. */
  readonly date: number | undefined
}
