import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpRequest } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import { capturedChars } from './captured-call.ts'
import { outgoingText } from './outgoing-text.ts'
import { proxyRoute, type ProxyRoute, type ProxyVariables } from './proxy-route.ts'
import type { WireRequest } from './wire.ts'

/** What all requests of one Connection share, built once. */
export interface HttpBase {
  readonly origin: string
  /** For messages: host name and port, and the proxy if one is used. */
  readonly host: string
  readonly proxy: ProxyRoute | undefined
  /** For one attempt: a streamed body is produced anew. */
  wireRequest(request: HttpRequest): WireRequest
}

/** Some vendors answer in JSON unless another form is asked for by name. */
const textual = 'text/csv, text/plain;q=0.9, */*;q=0.8'

/** Throws a Fault if the base URL or the token, or the proxy named in the environment, is not usable. */
export function httpBase(
  baseUrl: string,
  token: string,
  given: HttpPolicy['headers'],
  proxies: ProxyVariables,
): HttpBase {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Fault('config', 'the base URL is not an http:// or https:// URL', {
      code: 'bad-base-url',
      advice: 'Write it like https://api.example.com.',
    })
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Fault(
      'auth',
      'the token is empty, or contains a space, a line break or a character that is never part of a token',
      {
        code: 'malformed-token',
        advice: 'Copy it again, without surrounding text.',
      },
    )
  }
  const prefix = url.pathname.replace(/\/+$/, '')
  const common = ['authorization', `Bearer ${token}`, 'user-agent', 'tailrace']
  for (const [name, value] of Object.entries(given ?? {})) common.push(name.toLowerCase(), value)
  const bare = [...common, 'accept', 'application/json']
  const withBody = [...bare, 'content-type', 'application/json']
  const headersOf = ({ body, text, accept = 'json' }: HttpRequest): readonly string[] => {
    if (accept === 'json' && text === undefined) return body === undefined ? bare : withBody
    const type = text?.type ?? (body === undefined ? undefined : 'application/json')
    return [
      ...(accept === 'json' ? bare : [...common, 'accept', textual]),
      ...(type === undefined ? [] : ['content-type', type]),
    ]
  }

  const proxy = proxyRoute(url.origin, proxies)

  return {
    origin: url.origin,
    host: proxy === undefined ? url.host : `${url.host} (through the proxy ${proxy.label})`,
    proxy,
    wireRequest(request) {
      const { method, path, query, accept } = request
      const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
      return {
        method,
        path: prefix + path + search,
        headers: headersOf(request),
        body: bodyOf(request),
        streams: accept === 'stream',
      }
    },
  }
}

function bodyOf({ body, text }: HttpRequest): WireRequest['body'] {
  if (text === undefined) return body === undefined ? null : JSON.stringify(body)
  return typeof text.body === 'string' ? text.body : outgoingText(text.body, capturedChars)
}
