import type { Log } from '../../connect/io.ts'
import type { OAuth2 } from '../../connect/oauth2.ts'
import { attemptTimeout, networkTrouble, type NetworkTrouble } from '../network-trouble.ts'
import { proxyRoute, type ProxyRoute, type ProxyVariables } from '../proxy-route.ts'
import { retryAfterMs } from '../reported-figures.ts'
import { createWire, type WireResult } from '../wire.ts'
import { tokenAnswer, type TokenAnswer } from './token-answer.ts'
import { tokenRequest, tokenUrlOf } from './token-request.ts'

/** The vendor's word on a grant, or why it has none. */
export type VendorWord =
  | Exclude<TokenAnswer, { is: 'busy' }>
  | { readonly is: 'busy'; readonly words: string; readonly waitMs: number }
  | { readonly is: 'no-answer'; readonly trouble: NetworkTrouble }
  | { readonly is: 'cancelled' }

export interface Vendor {
  /** For messages: the host of the token endpoint. */
  readonly host: string
  /** For messages: method, path and host. */
  readonly label: string
  readonly proxy: ProxyRoute | undefined
  /** Asks once, without repeats. Aborting `signal` breaks the call off. Never rejects, except for a bad private key. */
  ask(refreshToken: string | undefined, timeoutMs: number, signal: AbortSignal | undefined): Promise<VendorWord>
}

export interface VendorOptions {
  readonly oauth2: OAuth2
  readonly proxies: ProxyVariables
  readonly now: () => number
  readonly log: Log
  /** Called with secrets before they can appear in any message. */
  readonly hide: (secrets: readonly string[]) => void
  readonly redact: (text: string) => string
}

/** The vendor's token endpoint. Its calls count as neither reads nor writes, and take no part in rate limits. */
export function tokenVendor({ oauth2, proxies, now, log, hide, redact }: VendorOptions): Vendor {
  const url = tokenUrlOf(oauth2)
  const proxy = proxyRoute(url.origin, proxies)
  const host = proxy === undefined ? url.host : `${url.host} (through the proxy ${proxy.label})`

  return {
    host,
    label: `POST ${url.pathname}: ${host}`,
    proxy,
    async ask(refreshToken, timeoutMs, signal) {
      if (signal?.aborted === true) return { is: 'cancelled' }
      const askedAt = now()
      const { path, headers, body, secrets } = tokenRequest(oauth2, refreshToken, askedAt)
      hide(secrets)
      const wire = createWire({
        origin: url.origin,
        connections: 1,
        connectTimeoutMs: Math.min(5_000, timeoutMs),
        keepAliveMs: 1_000,
        proxy,
        rejects: () => undefined,
      })
      let brokenOff = false
      try {
        const result = await new Promise<WireResult>((resolve) => {
          const exchange = wire.exchange({ method: 'POST', path, headers, body, streams: false }, (finished) => {
            clearTimeout(timer)
            signal?.removeEventListener('abort', breakOff)
            resolve(finished)
          })
          // After a freeze, the answer may have arrived: it is read before the time counts as over.
          const timer = setTimeout(() => setImmediate(() => exchange.abandon(attemptTimeout())), timeoutMs)
          const breakOff = (): void => {
            brokenOff = true
            exchange.abandon(attemptTimeout())
          }
          signal?.addEventListener('abort', breakOff)
        })
        log.debug('token request', { path: redact(path), status: result.status, ms: now() - askedAt })
        if (result.error !== undefined)
          return brokenOff ? { is: 'cancelled' } : { is: 'no-answer', trouble: networkTrouble(result.error) }
        const answer = tokenAnswer(oauth2, result, askedAt)
        if (answer.is === 'granted')
          hide([answer.granted.accessToken, answer.granted.refreshToken].filter((secret) => secret !== undefined))
        return answer.is === 'busy' ? { ...answer, waitMs: retryAfterMs(result.headers, now()) } : answer
      } finally {
        await wire.destroy()
      }
    },
  }
}
