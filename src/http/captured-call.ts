import type { HttpRequest } from '../connect/io.ts'
import { faultBehind } from '../connect/fault-behind.ts'
import { Fault } from '../model/fault.ts'
import type { Outcome } from '../model/outcome.ts'
import type { WireRequest, WireResult } from './wire.ts'

/** One finished call. JSON bodies are the strings that went over the wire, not copies, so capturing costs almost nothing. */
export interface CapturedCall {
  readonly method: string
  /** Includes the base URL's own path and the query. */
  readonly path: string
  /** Of texts and streams only the beginning, as of answers. */
  readonly body: string | null
  /** Status of the last attempt; undefined if no answer came. */
  readonly status: number | undefined
  /** The answer's body, cut to `capturedChars`. */
  readonly answer: string
  readonly requestId: string | undefined
  /** The Fault that its caller received instead of an answer. */
  readonly fault: Fault | undefined
}

/** More than the stored excerpt, and less than a long answer: the answers of a whole slice are in memory together. */
export const capturedChars = 64 * 1024

interface FinishedCall {
  readonly seen: CapturedCall[] | undefined
  /** Undefined: it was never sent. */
  readonly wire: Pick<WireRequest, 'method' | 'path' | 'body'> | undefined
  readonly request: Pick<HttpRequest, 'method' | 'path'>
}

/** Adds a finished call to the calls that its caller sees. `heard`: its last answer. */
export function captureCall(
  { seen, wire, request }: FinishedCall,
  heard: Pick<WireResult, 'status' | 'text'> | undefined,
  requestId: string | undefined,
  fault: Fault | undefined,
): void {
  if (seen === undefined) return
  const { method, path, body } = wire ?? { ...request, body: null }
  const sent = typeof body === 'string' ? beginningOf(body) : (body?.beginning ?? null)
  seen.push({
    method,
    path,
    body: sent,
    status: heard?.status,
    answer: beginningOf(heard?.text ?? ''),
    requestId,
    fault,
  })
}

/** Copies the beginning, because a slice of a string would keep the whole string in memory. */
function beginningOf(text: string): string {
  return text.length <= capturedChars ? text : Buffer.from(text.slice(0, capturedChars)).toString()
}

/** The call that caused an Outcome: the call that failed with its Fault, else the call with its request id. */
export function callBehind(outcome: Outcome, seen: readonly CapturedCall[]): CapturedCall | undefined {
  for (let fault = faultBehind(outcome); fault !== undefined; fault = Fault.is(fault.cause) ? fault.cause : undefined) {
    const call = seen.findLast((each) => each.fault === fault)
    if (call !== undefined) return call
  }
  return outcome.requestId === undefined ? undefined : seen.findLast(({ requestId }) => requestId === outcome.requestId)
}

/** Maximum size of an excerpt, in UTF-8 bytes. */
const excerptBytes = 4096

export interface Excerpt {
  readonly text: string
  /** Size of the whole text in bytes. Larger than `text` if it was cut. */
  readonly size: number
}

/** The beginning of a text, cut between characters. NUL becomes U+FFFD, because PostgreSQL cannot store NUL. */
export function excerpt(text: string): Excerpt {
  const size = Buffer.byteLength(text)
  const start =
    size <= excerptBytes
      ? text
      : new TextDecoder().decode(Buffer.from(text).subarray(0, excerptBytes), { stream: true })
  return { text: start.replaceAll('\0', '\uFFFD'), size }
}

export function isCut({ size }: Excerpt): boolean {
  return size > excerptBytes
}
