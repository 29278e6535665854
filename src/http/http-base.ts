import type { HttpPolicy, HttpRequest } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import { proxyRoute, type ProxyRoute, type ProxyVariables } from './proxy-route.ts'
import type { WireRequest } from './wire.ts'

/** What all requests of one Connection share, built once. */
export interface HttpBase {
  readonly origin: string
  /** For messages: host name and port, and the proxy if one is used. */
  readonly host: string
  readonly proxy: ProxyRoute | undefined
  wireRequest(request: HttpRequest): WireRequest
}

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
  const bare = ['authorization', `Bearer ${token}`, 'accept', 'application/json', 'user-agent', 'tailrace']
  for (const [name, value] of Object.entries(given ?? {})) bare.push(name.toLowerCase(), value)
  const withBody = [...bare, 'content-type', 'application/json']

  const proxy = proxyRoute(url.origin, proxies)

  return {
    origin: url.origin,
    host: proxy === undefined ? url.host : `${url.host} (through the proxy ${proxy.label})`,
    proxy,
    wireRequest({ method, path, query, body }) {
      const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
      return {
        method,
        path: prefix + path + search,
        headers: body === undefined ? bare : withBody,
        body: body === undefined ? null : JSON.stringify(body),
      }
    },
  }
}
