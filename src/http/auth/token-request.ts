import { createHash } from 'node:crypto'
import type { OAuth2 } from '../../connect/oauth2.ts'
import { Fault } from '../../model/fault.ts'
import { signAssertion } from './sign-assertion.ts'

/** One call of the token endpoint. */
export interface TokenRequest {
  /** Includes the query of the token URL. */
  readonly path: string
  readonly headers: readonly string[]
  /** The form, `application/x-www-form-urlencoded`. */
  readonly body: string
  /** Secrets in it that are not in the config: the signed assertion. */
  readonly secrets: readonly string[]
}

/** Throws a Fault `config` if it is no http:// or https:// URL. */
export function tokenUrlOf({ tokenUrl }: OAuth2): URL {
  const url = URL.canParse(tokenUrl) ? new URL(tokenUrl) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new Fault('config', 'the address of the token endpoint is not an http:// or https:// URL', {
    code: 'bad-token-url',
    advice: 'Correct the login address of the target: https:// and a host name.',
  })
}

/** `refreshToken`: the newest one. `at`: epoch milliseconds. */
export function tokenRequest(oauth2: OAuth2, refreshToken: string | undefined, at: number): TokenRequest {
  const { clientId, grant, clientAuth = 'body', scope, parameters } = oauth2
  const { pathname, search } = tokenUrlOf(oauth2)
  const form = new URLSearchParams(parameters)
  const headers = [
    'accept',
    'application/json',
    'content-type',
    'application/x-www-form-urlencoded',
    'user-agent',
    'tailrace',
  ]
  const secrets: string[] = []
  if (grant.type === 'client-credentials') form.set('grant_type', 'client_credentials')
  if (grant.type === 'refresh-token') {
    form.set('grant_type', 'refresh_token')
    form.set('refresh_token', refreshToken ?? grant.refreshToken)
  }
  if (grant.type === 'jwt-bearer') {
    const assertion = signAssertion({ ...grant, issuer: clientId }, at)
    form.set('grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    form.set('assertion', assertion)
    secrets.push(assertion)
  }
  if (scope !== undefined) form.set('scope', scope)
  const { clientSecret } = grant
  if (clientAuth === 'basic' && clientSecret !== undefined) {
    // RFC 6749 §2.3.1: both parts are form-encoded first.
    const login = `${encoded(clientId)}:${encoded(clientSecret)}`
    const basic = Buffer.from(login).toString('base64')
    headers.push('authorization', `Basic ${basic}`)
    secrets.push(basic)
  } else {
    form.set('client_id', clientId)
    if (clientSecret !== undefined) form.set('client_secret', clientSecret)
  }
  return { path: pathname + search, headers, body: form.toString(), secrets }
}

function encoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

/**
 * Names a grant in the control database, and its credentials where a rate limit is shared: the same for all workers.
 * Contains no secret; of a refresh token, which alone tells the accounts of one app apart, only its hash.
 */
export function grantIdentity({ tokenUrl, clientId, grant, scope = '', parameters = {} }: OAuth2): string {
  const subject =
    grant.type === 'jwt-bearer' ? grant.subject : grant.type === 'refresh-token' ? sha256(grant.refreshToken) : ''
  return sha256(JSON.stringify([tokenUrl, clientId, grant.type, subject, scope, Object.entries(parameters).sort()]))
}

/** What must not appear in any message. */
export function grantSecrets({ grant }: OAuth2): readonly string[] {
  const own =
    grant.type === 'jwt-bearer' ? grant.privateKey : grant.type === 'refresh-token' ? grant.refreshToken : undefined
  return [own, grant.clientSecret].filter((secret) => secret !== undefined)
}

/** Differs if another secret was configured: an access token that another secret was given for is not used. */
export function secretsDigest(oauth2: OAuth2): string {
  return sha256(JSON.stringify(grantSecrets(oauth2)))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
