import type { HttpReply, HttpRequest } from '../connect/io.ts'
import type { JudgeReply } from '../connect/rate-limit.ts'
import type { TroubleCode } from './network-trouble.ts'
import type { WireResult } from './wire.ts'

/**
 * Classifies an HTTP answer:
 *
 * - `reply`    final, handled by the connector: 2xx and 4xx other than 401, 408 and 429, with JSON or an empty body, or
 *              with any text if JSON was not asked for;
 * - `refused`  final, a person must change the configuration: 401 and redirects;
 * - `limited`  over a rate limit (429), `exhausted` over one that is used up, `busy` too much at once: certainly not
 *              applied;
 * - `trouble`  everything else: it may have been applied, and a retry may succeed.
 *
 * What the policy's `verdict` says of an answer comes before its status.
 */
export type HttpVerdict =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | {
      readonly kind: 'refused'
      readonly code: 'unauthorized' | 'unexpected-redirect'
      readonly words: string
      readonly requestId: string | undefined
    }
  | {
      readonly kind: 'limited' | 'exhausted' | 'busy'
      /** The name of the limit, if the policy's verdict names it. */
      readonly limit: string | undefined
      /** Milliseconds to wait, 0 if only the headers say it. */
      readonly afterMs: number
      readonly words: string
      readonly requestId: string | undefined
    }
  | {
      readonly kind: 'trouble'
      readonly code: TroubleCode
      readonly afterMs: number
      readonly words: string
      readonly requestId: string | undefined
    }

export function verdictOf(
  result: WireResult,
  requestIdHeader: string | undefined,
  accept: HttpRequest['accept'] = 'json',
  judge?: JudgeReply,
): HttpVerdict {
  const { status, headers, text } = result
  const body = parse(text)
  const requestId = idOf(headers, body, requestIdHeader)
  const textual = accept !== 'json' && (status < 300 || body === notJson)
  if (status < 300 && textual)
    return { kind: 'reply', reply: { status, headers, body: text === '' ? undefined : text, requestId } }
  if (status < 300 && body !== notJson) return { kind: 'reply', reply: { status, headers, body, requestId } }
  const answered = `answered ${status}`
  const said = judge?.({ status, headers, body: body === notJson ? text : body, requestId })
  if (said?.is === 'limited' || said?.is === 'exhausted' || said?.is === 'busy') {
    const { is, limit, afterMs = 0 } = said
    return { kind: is, limit, afterMs, words: withWords(answered, body), requestId }
  }
  if (said?.is === 'retry') {
    const { afterMs = 0 } = said
    return { kind: 'trouble', code: 'target-busy', afterMs, words: withWords(answered, body), requestId }
  }
  if (status === 401 || said?.is === 'token-expired') {
    return {
      kind: 'refused',
      code: 'unauthorized',
      words: `${answered}: ${vendorWords(body) ?? 'no reason given'}`,
      requestId,
    }
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'refused',
      code: 'unexpected-redirect',
      words: `${answered}, a redirect to ${locationOf(headers)}`,
      requestId,
    }
  }
  if (status === 429)
    return { kind: 'limited', limit: undefined, afterMs: 0, words: withWords(answered, body), requestId }
  if (status >= 500 || status === 408) {
    return {
      kind: 'trouble',
      code: status === 408 ? 'timeout' : 'server-error',
      afterMs: 0,
      words: withWords(answered, body),
      requestId,
    }
  }
  if (textual) return { kind: 'reply', reply: { status, headers, body: text, requestId } }
  if (body === notJson) {
    const words = `${answered} with ${kindOf(text)} instead of JSON`
    return { kind: 'trouble', code: 'not-json', afterMs: 0, words, requestId }
  }
  return { kind: 'reply', reply: { status, headers, body, requestId } }
}

const notJson = Symbol('not JSON')

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

function kindOf(text: string): string {
  return /^\s*</.test(text) ? 'an HTML page' : 'text'
}

/** The redirect's address without its query, which may hold anything. */
function locationOf(headers: Readonly<Record<string, string>>): string {
  return headers['location']?.split(/[?#]/)[0] ?? 'nowhere'
}

function withWords(answered: string, body: unknown): string {
  const words = vendorWords(body)
  return words === undefined ? answered : `${answered}: ${words}`
}

/**
 * The first entry of `errors: [{ code, message }]`, as most vendors send it. Otherwise undefined: bodies are not
 * quoted.
 */
function vendorWords(body: unknown): string | undefined {
  const errors = field(body, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const [message, code] = [field(first, 'message'), field(first, 'code')].filter(
    (part): part is string => typeof part === 'string' && part !== '',
  )
  if (message === undefined) return undefined
  return `"${message.slice(0, 200)}"${code === undefined ? '' : ` (${code.slice(0, 60)})`}`
}

function idOf(headers: WireResult['headers'], body: unknown, header: string | undefined): string | undefined {
  const id = (header === undefined ? undefined : headers[header]) ?? field(body, 'request_id')
  return typeof id === 'string' ? id : undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
