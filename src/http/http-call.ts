import type { HttpReply, HttpRequest } from '../connect/io.ts'
import { Fault, type FaultKind } from '../model/fault.ts'
import type { Access } from './access.ts'
import type { Attempt } from './attempt-watch.ts'
import type { HttpVerdict } from './http-verdict.ts'
import type { NoTurn, Paced, Turn } from './pacer.ts'
import type { CapturedCall } from './captured-call.ts'
import type { Exchange, WireRequest, WireResult } from './wire.ts'

/** One call of the client, with all its attempts. */
export interface HttpCall extends Paced, Attempt {
  readonly request: HttpRequest
  /** The request as it was sent last; undefined before the first attempt. */
  wire: WireRequest | undefined
  /** The access of the last attempt. */
  access: Access | undefined
  /** A 401 already made it wait for another token. */
  renewed: boolean
  /** How often it waited for a token. */
  tokenWaits: number
  /** Receives the finished call, if calls are captured. */
  readonly seen: CapturedCall[] | undefined
  readonly resolve: (reply: HttpReply) => void
  readonly reject: (fault: Fault) => void
  start: Paced['start']
  expire: Paced['expire']
  /** The attempt in flight. */
  exchange: Exchange | undefined
  sentAt: number
  turn: Turn
  tries: number
  troubles: number
  /** Milliseconds that are left for retries. */
  patienceMs: number
  /** True if any attempt may have been applied. */
  mayHaveApplied: boolean
  last: CallTrouble | undefined
  /** The last answer that was not final. */
  heard: WireResult | undefined
  timer: NodeJS.Timeout | undefined
}

/** Why an attempt, and perhaps the whole call, failed. */
export interface CallTrouble {
  readonly kind: FaultKind
  readonly code: string
  /** Text that follows the host name: "answered 502". */
  readonly words: string
  readonly advice?: string
  readonly requestId?: string | undefined
  /** For a limit that is used up: when it returns, in epoch milliseconds. */
  readonly returnsAt?: number
}

export const cancelled: CallTrouble = {
  kind: 'cancelled',
  code: 'cancelled',
  words: 'gave no answer before the Run was cancelled',
}
export const notCalled: CallTrouble = {
  kind: 'cancelled',
  code: 'cancelled',
  words: 'was not called: the Run was cancelled',
}

/** The failure of a request that HTTP cannot express. */
export function malformed({ message }: Error): CallTrouble {
  return {
    kind: 'bug',
    code: 'malformed-request',
    words: `was not called, because the request cannot be sent: ${message}`,
  }
}

const waitAdvice = 'No action is needed: the next Run tries again.'

/** The failure of a call that got no turn. */
export function turnless(why: NoTurn): CallTrouble {
  switch (why.is) {
    case 'no-room':
      return {
        kind: 'transient',
        code: 'rate-limited',
        words: 'was not called: its rate limit allowed no request before the time limit of the Run',
        advice: waitAdvice,
      }
    case 'exhausted':
      return {
        kind: 'transient',
        code: 'limit-exhausted',
        words: `was not called: its limit "${why.limit}" is used up and returns at ${new Date(why.until).toISOString()}`,
        advice: 'Run it again after that time.',
        returnsAt: why.until,
      }
    case 'no-time':
      return {
        kind: 'transient',
        code: 'time-limit',
        words: 'was not called: the time limit of the Run was reached',
        advice: 'Run it again: it continues where it stopped. Or raise timeLimit.',
      }
    case 'no-budget':
      return {
        kind: 'transient',
        code: 'budget-unreachable',
        advice: 'Check that the control database answers, then run it again.',
        words: `was not called: the control database, which distributes its rate limit, does not answer (${why.error instanceof Error ? why.error.message : String(why.error)})`,
      }
  }
}

/** The failure that an answer shows, if it is not a reply for the connector. */
export function troubleOf(verdict: Exclude<HttpVerdict, { readonly kind: 'reply' }>): CallTrouble {
  const { words, requestId } = verdict
  if (!('code' in verdict)) {
    const code = verdict.kind === 'busy' ? 'target-busy' : 'rate-limited'
    return { kind: 'transient', code, words, advice: waitAdvice, requestId }
  }
  const { code } = verdict
  if (verdict.kind === 'trouble') return { kind: 'transient', code, words, advice: waitAdvice, requestId }
  return code === 'unauthorized'
    ? {
        kind: 'auth',
        code,
        words,
        requestId,
        advice: 'Check the token, and check that the base URL or region belongs to its account.',
      }
    : {
        kind: 'config',
        code,
        words,
        requestId,
        advice:
          'Tailrace does not follow redirects: set the base URL or region to the address that answers without a redirect.',
      }
}

const defaultTimeoutMs = 30_000

export function newCall(
  request: HttpRequest,
  seen: CapturedCall[] | undefined,
  patienceMs: number,
  resolve: HttpCall['resolve'],
  reject: HttpCall['reject'],
): HttpCall {
  return {
    request,
    wire: undefined,
    access: undefined,
    renewed: false,
    tokenWaits: 0,
    seen,
    resolve,
    reject,
    timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
    start() {},
    expire() {},
    exchange: undefined,
    sentAt: 0,
    turn: { sentAt: 0, lanes: [] },
    tries: 0,
    troubles: 0,
    patienceMs,
    mayHaveApplied: false,
    last: undefined,
    heard: undefined,
    timer: undefined,
  }
}

export function faultOf(call: HttpCall, trouble: CallTrouble, host: string, redact: (text: string) => string): Fault {
  const { kind, code, words, advice, requestId, returnsAt } = trouble
  const tries = call.tries > 1 ? ` (tried ${call.tries} times)` : ''
  return new Fault(kind, redact(`${call.request.method} ${call.request.path}: ${host} ${words}${tries}`), {
    code,
    mayHaveApplied: call.mayHaveApplied,
    ...(advice !== undefined && { advice }),
    ...(requestId !== undefined && { requestId: redact(requestId) }),
    ...(returnsAt !== undefined && { returnsAt }),
  })
}

/** The failure of a call that got no access token. */
export function tokenlessFault({ mayHaveApplied }: HttpCall, error: unknown): Fault {
  if (!Fault.is(error))
    return new Fault('bug', `the token or the base URL cannot be used: ${String(error)}`, {
      code: 'malformed-request',
      mayHaveApplied,
      cause: error,
    })
  const { kind, message, code, advice } = error
  return new Fault(kind, message, { code, mayHaveApplied, ...(advice !== undefined && { advice }), cause: error })
}

/** The failure of a call whose streamed body could not be produced; undefined if that is not why it failed. */
export function producerFault(call: HttpCall, sent: boolean): Fault | undefined {
  const { request, wire } = call
  const failure = typeof wire?.body === 'string' ? undefined : wire?.body?.failure
  if (failure === undefined) return undefined
  const mayHaveApplied = call.mayHaveApplied || (sent && request.effect === 'write')
  const { error } = failure
  if (!Fault.is(error))
    return new Fault('bug', `${request.method} ${request.path}: its body could not be produced: ${String(error)}`, {
      code: 'malformed-request',
      mayHaveApplied,
      cause: error,
    })
  const { kind, message, code, advice } = error
  return new Fault(kind, message, { code, mayHaveApplied, ...(advice !== undefined && { advice }), cause: error })
}
