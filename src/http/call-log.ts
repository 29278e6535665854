import type { Log } from '../connect/io.ts'
import type { HttpCall } from './http-call.ts'
import type { WireResult } from './wire.ts'

/** Logs each attempt, without bodies and secrets. */
export interface CallLog {
  answered(call: HttpCall, result: WireResult, requestId: string | undefined, at: number): void
  unanswered(call: HttpCall, code: string, at: number): void
}

export function callLog(log: Log, redact: (text: string) => string): CallLog {
  return {
    answered: ({ request: { method, path }, sentAt }, { status }, requestId, at) =>
      log.debug('request', {
        method,
        path: redact(path),
        status,
        ms: at - sentAt,
        requestId: requestId === undefined ? undefined : redact(requestId),
      }),
    unanswered: ({ request: { method, path }, sentAt }, code, at) =>
      log.debug('request failed', { method, path: redact(path), code, ms: at - sentAt }),
  }
}
