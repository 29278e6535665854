import type { HttpReply, HttpRequest } from '../connect/io.ts'
import { Fault, type FaultKind } from '../model/fault.ts'
import type { Attempt } from './attempt-watch.ts'
import type { Paced } from './pacer.ts'
import type { Witnessed } from './witnessed.ts'
import type { Exchange, WireRequest, WireResult } from './wire.ts'

/** One call to the client, through all its attempts. */
export interface Call extends Paced, Attempt {
  readonly request: HttpRequest
  readonly wire: WireRequest
  /** Where to note how it ended, if anybody looks on. */
  readonly seen: Witnessed[] | undefined
  readonly resolve: (reply: HttpReply) => void
  readonly reject: (fault: Fault) => void
  start: Paced['start']
  expire: Paced['expire']
  /** Of the attempt in flight. */
  exchange: Exchange | undefined
  sentAt: number
  epoch: number
  tries: number
  troubles: number
  /** What is left of it. */
  patienceMs: number
  /** Of any of its attempts. */
  mayHaveApplied: boolean
  last: Trouble | undefined
  /** The answer to its last attempt, where it settled nothing. */
  heard: WireResult | undefined
  timer: NodeJS.Timeout | undefined
}

/** Why an attempt, and perhaps its call, failed. */
export interface Trouble {
  readonly kind: FaultKind
  readonly code: string
  /** To follow the host's name: "answered 502". */
  readonly words: string
  readonly advice?: string
  readonly requestId?: string | undefined
}

export const cancelled: Trouble = { kind: 'cancelled', code: 'cancelled', words: 'was no longer waited for: the Run was stopped' }

const defaultTimeoutMs = 30_000

export function newCall(
  request: HttpRequest, wire: WireRequest, seen: Witnessed[] | undefined, patienceMs: number, resolve: Call['resolve'], reject: Call['reject'],
): Call {
  return {
    request, wire, seen, resolve, reject, timeoutMs: request.timeoutMs ?? defaultTimeoutMs, start() {}, expire() {},
    exchange: undefined, sentAt: 0, epoch: 0, tries: 0, troubles: 0, patienceMs, mayHaveApplied: false, last: undefined, heard: undefined, timer: undefined,
  }
}

export function faultOf(call: Call, trouble: Trouble, host: string, redact: (text: string) => string): Fault {
  const { kind, code, words, advice, requestId } = trouble
  const tries = call.tries > 1 ? ` (tried ${call.tries} times)` : ''
  return new Fault(kind, redact(`${call.request.method} ${call.request.path}: ${host} ${words}${tries}`), {
    code,
    mayHaveApplied: call.mayHaveApplied,
    ...(advice !== undefined && { advice }),
    ...(requestId !== undefined && { requestId: redact(requestId) }),
  })
}
