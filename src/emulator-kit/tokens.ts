import { createPublicKey, randomUUID, verify } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A registered app of an emulated vendor. */
export interface EmulatedClient {
  readonly clientId: string
  /** Undefined: the app has none. */
  readonly clientSecret?: string
  /** PEM of the certificate's public key, for JWT bearer; `users` are the user names that approved the app. */
  readonly publicKey?: string
  readonly users?: readonly string[]
  /** A refresh token that the app was granted before. */
  readonly refreshToken?: string
}

export interface TokenServerOptions {
  readonly clients: readonly EmulatedClient[]
  /** `aud` that a JWT assertion must name. */
  readonly audience?: string
  /** `expires_in` of the answers, in seconds. Undefined: not sent, and tokens do not expire by themselves. */
  readonly expiresIn?: number
  /** Each refresh replaces the refresh token; the one before is no longer valid. */
  readonly rotates?: boolean
  /** Further fields of a granted answer, such as `instance_url`. */
  readonly fields?: () => Readonly<Record<string, unknown>>
  /** Epoch milliseconds. Default: the clock of this machine. */
  readonly now?: () => number
}

/** How the next token requests fare. `hold` answers only when `release` is called. */
export type TokenTrouble =
  | { readonly is: 'error'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly is: 'lost' }
  | { readonly is: 'hold' }

export interface TokenServer {
  /** Answers a request of the token endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Whether a request with this `authorization` header may pass: with a token that is neither expired nor revoked. */
  accepts(authorization: string | undefined): boolean
  /** Forms of all token requests that arrived, and the `authorization` header, oldest first. */
  readonly requests: readonly (Readonly<Record<string, string>> & { readonly authorization?: string })[]
  /** Number of tokens that were granted. */
  readonly granted: number
  /** Access tokens granted so far are no longer accepted. The grant remains. */
  expireAll(): void
  /** Nothing is accepted or granted any more: `invalid_grant`. */
  revoke(): void
  /** The user has connected the app again. */
  restore(): void
  /** Runs `act` before the request that comes after this many accepted ones. */
  after(accepted: number, act: () => void): void
  /** The next `count` token requests fare like this. A request that is held or lost was granted before. */
  trouble(trouble: TokenTrouble, count?: number): void
  /** Resolves when this many requests are held. */
  held(count: number): Promise<void>
  /** Answers the requests that are held. */
  release(): void
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * The token endpoint of an emulated vendor: client credentials, JWT bearer and refresh token, with client and secret in
 * the form or as HTTP Basic (RFC 6749, RFC 7523). An emulator routes its token path to `handle`, and asks `accepts`
 * about every other request.
 */
export function tokenServer(options: TokenServerOptions): TokenServer {
  const { clients, audience, expiresIn, rotates = false, fields = () => ({}), now = Date.now } = options
  const requests: TokenServer['requests'][number][] = []
  /** Access token to its end in epoch milliseconds. */
  const access = new Map<string, number>()
  const refresh = new Map(
    clients.flatMap(({ clientId, refreshToken }) => (refreshToken ? [[refreshToken, clientId]] : [])),
  )
  const troubles: TokenTrouble[] = []
  const holding: (() => void)[] = []
  let waiters: { readonly count: number; readonly wake: () => void }[] = []
  let granted = 0
  let revoked = false
  let due: { left: number; readonly act: () => void } | undefined

  const grant = (form: URLSearchParams, authorization: string | undefined): Answer => {
    const { id, secret } = credentials(form, authorization)
    const type = form.get('grant_type')
    const assertion = type === jwtGrant ? readAssertion(form.get('assertion') ?? '') : undefined
    const client = clients.find(({ clientId }) => clientId === (assertion?.claims.iss ?? id))
    if (client === undefined) return error(400, 'invalid_client', 'client identifier invalid')
    if (assertion === undefined && client.clientSecret !== undefined && secret !== client.clientSecret)
      return error(401, 'invalid_client', 'invalid client credentials')
    if (revoked) return error(400, 'invalid_grant', 'expired access/refresh token')
    if (assertion !== undefined) {
      const why = wrongIn(assertion, client, audience, now())
      return why === undefined ? success({}) : error(400, 'invalid_grant', why)
    }
    if (type === 'client_credentials') return success({})
    if (type !== 'refresh_token') return error(400, 'unsupported_grant_type', 'grant type not supported')
    const used = form.get('refresh_token') ?? ''
    if (refresh.get(used) !== client.clientId) return error(400, 'invalid_grant', 'expired access/refresh token')
    if (!rotates) return success({ refresh_token: used })
    const next = `refresh-${randomUUID()}`
    refresh.delete(used)
    refresh.set(next, client.clientId)
    return success({ refresh_token: next })
  }

  const success = (more: Readonly<Record<string, unknown>>): Answer => {
    const token = `access-${randomUUID()}`
    access.set(token, expiresIn === undefined ? Infinity : now() + expiresIn * 1000)
    granted += 1
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        ...(expiresIn !== undefined && { expires_in: expiresIn }),
        ...fields(),
        ...more,
      },
    }
  }

  return {
    async handle(request, response) {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { authorization } = request.headers
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      requests.push({ ...Object.fromEntries(form), ...(authorization !== undefined && { authorization }) })
      const trouble = troubles.shift()
      const answer = trouble?.is === 'error' ? trouble : grant(form, authorization)
      if (trouble?.is === 'lost') return void response.socket?.resetAndDestroy()
      if (trouble?.is === 'hold')
        await new Promise<void>((resolve) => {
          holding.push(resolve)
          for (const { wake } of waiters.filter(({ count }) => holding.length >= count)) wake()
          waiters = waiters.filter(({ count }) => holding.length < count)
        })
      response.writeHead(answer.status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify(answer.body))
    },
    accepts(authorization) {
      if (due?.left === 0) {
        const { act } = due
        due = undefined
        act()
      }
      const token = authorization?.replace(/^Bearer /, '') ?? ''
      const isAccepted = !revoked && (access.get(token) ?? 0) > now()
      if (isAccepted && due !== undefined) due.left -= 1
      return isAccepted
    },
    requests,
    get granted() {
      return granted
    },
    expireAll: () => access.clear(),
    revoke: () => void (revoked = true),
    restore: () => void (revoked = false),
    after: (accepted, act) => void (due = { left: accepted, act }),
    trouble: (trouble, count = 1) => void troubles.push(...Array.from({ length: count }, () => trouble)),
    held: (count) =>
      new Promise((wake) => {
        if (holding.length >= count) wake()
        else waiters.push({ count, wake })
      }),
    release: () => holding.splice(0).forEach((answer) => answer()),
  }
}

function credentials(form: URLSearchParams, authorization: string | undefined) {
  if (authorization?.startsWith('Basic ') !== true)
    return { id: form.get('client_id'), secret: form.get('client_secret') ?? undefined }
  const [id = '', secret = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':')
  return { id: decoded(id), secret: decoded(secret) }
}

function decoded(text: string): string {
  return new URLSearchParams(`=${text}`).get('') ?? ''
}

function error(status: number, code: string, description: string): Answer {
  return { status, body: { error: code, error_description: description } }
}

interface Assertion {
  readonly claims: { readonly iss?: string; readonly sub?: string; readonly aud?: string; readonly exp?: number }
  readonly header: { readonly alg?: string }
  readonly signed: string
  readonly signature: Buffer
}

function readAssertion(text: string): Assertion {
  const [header = '', claims = '', signature = ''] = text.split('.')
  const part = (encoded: string): object => {
    try {
      return Object(JSON.parse(Buffer.from(encoded, 'base64url').toString())) as object
    } catch {
      return {}
    }
  }
  return {
    header: part(header),
    claims: part(claims),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** Why the vendor does not accept the assertion; undefined if it does. */
function wrongIn(
  { header, claims, signed, signature }: Assertion,
  { publicKey, users = [] }: EmulatedClient,
  audience: string | undefined,
  now: number,
): string | undefined {
  if (publicKey === undefined || header.alg !== 'RS256') return 'invalid assertion'
  if (!verify('sha256', Buffer.from(signed), createPublicKey(publicKey), signature)) return 'invalid assertion'
  if (claims.aud !== audience) return 'audience is invalid'
  if (claims.exp === undefined || claims.exp * 1000 <= now) return 'assertion expired'
  // Salesforce rejects assertions that are valid for more than a few minutes.
  if (claims.exp * 1000 > now + 300_000) return 'assertion is valid for too long'
  if (claims.sub === undefined || !users.includes(claims.sub)) return "user hasn't approved this consumer"
  return undefined
}
