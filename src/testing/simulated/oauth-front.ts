import { createServer, request as call } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpPolicy } from '../../connect/http-policy.ts'
import type { OAuth2Grant } from '../../connect/oauth2.ts'
import { tokenServer, type TokenServer } from '../../emulator-kit/tokens.ts'

/** An OAuth token endpoint in front of an emulator that knows one fixed token. */
export interface OAuthFront {
  readonly tokens: TokenServer
  /** Number of requests that arrived, token requests excluded. */
  readonly calls: number
  /** The Target's own policy, with this front as its base URL and an OAuth grant instead of the fixed token. */
  policy(own: HttpPolicy): HttpPolicy
  close(): Promise<void>
}

const grant = {
  type: 'refresh-token',
  refreshToken: 'canary-of-the-refresh-token',
  clientSecret: 'canary-of-the-client-secret',
} satisfies OAuth2Grant

/** Forwards requests that carry a granted token to the emulator, with the emulator's token. Others are answered with 401. */
export async function startOAuthFront(emulator: { readonly url: string; readonly token: string }): Promise<OAuthFront> {
  const { refreshToken, clientSecret } = grant
  const tokens = tokenServer({ clients: [{ clientId: 'app', clientSecret, refreshToken }], rotates: true })
  let calls = 0
  const server = createServer((request, response) => {
    if (request.url === '/oauth/token') return void tokens.handle(request, response)
    calls += 1
    if (!tokens.accepts(request.headers.authorization)) {
      request.resume()
      return void response.writeHead(401, { 'content-type': 'application/json' }).end('{}')
    }
    const headers = { ...request.headers, authorization: `Bearer ${emulator.token}` }
    const onward = call(
      new URL(request.url ?? '', emulator.url),
      { method: request.method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    tokens,
    get calls() {
      return calls
    },
    policy: (own) => ({
      ...own,
      baseUrl: url,
      auth: { oauth2: { tokenUrl: `${url}/oauth/token`, clientId: 'app', grant } },
    }),
    async close() {
      tokens.release()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
