import { z } from 'zod'
import type { OAuth2, Token } from '../../connect/oauth2.ts'
import type { WireResult } from '../wire.ts'

/** A granted token, as it is kept. */
export interface Granted extends Token {
  /** Epoch milliseconds, before the token was asked for. */
  readonly askedAt: number
  /** The newest refresh token, if the vendor sent one. */
  readonly refreshToken: string | undefined
}

/**
 * - `granted`;
 * - `rejected`: the vendor rejects the grant, and a person must act;
 * - `busy`: asking again may succeed;
 * - `unexpected`: no token endpoint answers like this.
 */
export type TokenAnswer =
  | { readonly is: 'granted'; readonly granted: Granted }
  | { readonly is: 'rejected'; readonly error: string; readonly words: string }
  | { readonly is: 'busy'; readonly words: string }
  | { readonly is: 'unexpected'; readonly words: string }

const text = z.string().min(1)
const success = z.looseObject({
  access_token: text,
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: text.optional(),
  instance_url: text.optional(),
})
/** RFC 6749 §5.2; HubSpot also answers `{ status, message }` (developers.hubspot.com, 2026-11-30). */
const failure = z.looseObject({
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
})

/** Reads the answer of a token endpoint. `askedAt`: when it was asked, in epoch milliseconds. */
export function tokenAnswer(oauth2: OAuth2, result: Pick<WireResult, 'status' | 'text'>, askedAt: number): TokenAnswer {
  const { status } = result
  const body = parse(result.text)
  if (status >= 200 && status < 300) return granted(oauth2, body, status, askedAt)
  const { error, error_description: description, status: other, message } = failure.safeParse(body).data ?? {}
  const named = (error ?? other ?? `HTTP ${status}`).slice(0, 60)
  const described = (description ?? message ?? '').slice(0, 200)
  const words = `answered ${status}: ${named}${described === '' ? '' : ` ("${described}")`}`
  if (status === 408 || status === 429 || status >= 500) return { is: 'busy', words }
  if (named === 'temporarily_unavailable' || oauth2.isTemporary?.(named, described) === true)
    return { is: 'busy', words }
  if (error === undefined && other === undefined && status !== 401)
    return { is: 'unexpected', words: `answered ${status}` }
  return { is: 'rejected', error: named, words }
}

function granted({ extraFields = [] }: OAuth2, body: unknown, status: number, askedAt: number): TokenAnswer {
  const read = success.safeParse(body)
  if (!read.success) return { is: 'unexpected', words: `answered ${status} without an access token` }
  const { access_token: accessToken, token_type: type = 'bearer', expires_in: seconds, ...rest } = read.data
  if (type.toLowerCase() !== 'bearer' || !/^[\x21-\x7e]+$/.test(accessToken))
    return { is: 'unexpected', words: `answered ${status} with a token that is not a bearer token` }
  const extra = extraFields.flatMap((name) => (typeof rest[name] === 'string' ? [[name, rest[name]] as const] : []))
  return {
    is: 'granted',
    granted: {
      accessToken,
      askedAt,
      expiresAt: seconds === undefined ? undefined : askedAt + seconds * 1000,
      instanceUrl: rest.instance_url,
      refreshToken: rest.refresh_token,
      extra: Object.fromEntries(extra),
    },
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
