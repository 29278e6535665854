import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { HttpPolicy } from '../../connect/http-policy.ts'
import type { OAuth2 } from '../../connect/oauth2.ts'
import { tokenServer, type TokenServer, type TokenServerOptions } from '../../emulator-kit/tokens.ts'
import { windowLimit } from '../../testing/simulated/window-limit.ts'

/** A Target that answers calls with a valid token, and grants tokens. */
export interface OAuthTarget {
  readonly url: string
  readonly tokens: TokenServer
  /** Calls that arrived, token requests excluded, with the status of their answer. */
  readonly calls: readonly { readonly method: string; readonly status: number; readonly token: string }[]
}

export const clientSecret = 'canary-client-secret-91'
export const refreshToken = 'canary-refresh-token-17'

export async function startOAuthTarget(
  t: TestContext,
  options: Partial<TokenServerOptions> = {},
): Promise<OAuthTarget> {
  const tokens = tokenServer({ clients: [{ clientId: 'app', clientSecret, refreshToken }], ...options })
  const calls: OAuthTarget['calls'][number][] = []
  const server = createServer((request, response) => {
    if (request.url === '/oauth/token') return void tokens.handle(request, response)
    const { authorization } = request.headers
    const status = tokens.accepts(authorization) ? 200 : 401
    calls.push({ method: request.method ?? '', status, token: authorization ?? '' })
    request
      .resume()
      .once('end', () =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(
            JSON.stringify(
              status === 200
                ? { token: authorization }
                : { errors: [{ code: 'INVALID_SESSION_ID', message: 'Session expired' }] },
            ),
          ),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    tokens.release()
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens, calls }
}

export function oauthOf(url: string, grant: OAuth2['grant'] = { type: 'client-credentials', clientSecret }): OAuth2 {
  return { tokenUrl: `${url}/oauth/token`, clientId: 'app', grant }
}

export function oauthPolicy(url: string, oauth2: OAuth2 = oauthOf(url)): HttpPolicy {
  return {
    baseUrl: url,
    auth: { oauth2 },
    concurrency: 4,
    limits: [windowLimit(100_000)],
  }
}
