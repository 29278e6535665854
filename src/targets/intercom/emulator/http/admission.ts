import { html, type Answer } from '../../../../emulator-kit/answer.ts'
import { reject, resourceNotFound } from './answer.ts'
import { findVersion, type Version } from './version.ts'
import type { Match } from './route.ts'
import type { Workspace } from '../state/workspace.ts'
import type { TokenSeed } from '../options.ts'
import { adminOf, type Admin } from '../state/admins.ts'

/** A request with a valid token, within the rate limit, and not replaced by a fault. */
export interface Admitted {
  readonly workspace: Workspace
  readonly match: Match | undefined
  readonly grant: Grant
  readonly planRestricted: boolean
  readonly query: string
  readonly version: Version | undefined
  readonly accept: string | undefined
  readonly contentType: string | undefined
  readonly text: string
}

/** The version that applies to a request; undefined when it names one that Intercom does not know. */
export function versionOf(header: string | undefined, workspace: Workspace): Version | undefined {
  return findVersion(header ?? workspace.settings.defaultVersion)
}

const versionInvalid = reject(
  400,
  'intercom_version_invalid',
  'Requested resource is not available in current API version.',
)
const notAcceptable = reject(
  406,
  'media_type_not_acceptable',
  'The Accept header should send a media type of application/json',
)
const unsupported = reject(
  415,
  'media_type_not_supported',
  'The Content-Type header should send a media type of application/json',
)
const malformed = reject(400, 'parameter_invalid', 'The request body is not valid JSON')
const planRestricted = reject(403, 'api_plan_restricted', 'Active subscription needed.')

/** The checks before a request reaches its route, in order. */
export function answerOf(request: Admitted): Answer {
  const { workspace, match, grant, version, accept, contentType, text } = request
  if (version === undefined) return versionInvalid
  if (accept !== undefined && !/\*\/\*|application\/(\*|json)/.test(accept)) return notAcceptable
  if (match === undefined) return workspace.settings.unknownPath === 'html' ? html(404) : resourceNotFound
  const { route, params } = match
  // Versions 1.x had other resources (users, leads), which the emulator does not imitate.
  if (version.rank < (route.since ?? 200)) return versionInvalid
  if (request.planRestricted) return planRestricted
  const missing =
    grant.scopes === 'all' ? undefined : route.scopes.find((scope) => !(grant.scopes as ReadonlySet<string>).has(scope))
  if (missing !== undefined) {
    return reject(403, 'forbidden', `You do not have the required scope (${missing}) to access this resource`)
  }
  if (text !== '' && contentType !== undefined && !contentType.includes('json')) return unsupported
  const body = parse(text)
  if (body === notJson) return malformed
  const { admin, app } = grant
  return route.answer({ workspace, params, query: new URLSearchParams(request.query), body, version, admin, app })
}

const notJson = Symbol('not JSON')

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return notJson
    throw error
  }
}

export interface Grant {
  scopes: ReadonlySet<string> | 'all'
  readonly admin: Admin
  readonly app: string
  revoked: boolean
}

export interface Tokens {
  /** By the `Authorization` header. Undefined when it is missing, unknown or revoked. */
  find(authorization: string | undefined): Grant | undefined
  get(token: string): Grant
}

export function createTokens(seed: Readonly<Record<string, TokenSeed>>): Tokens {
  const grants = new Map<string, Grant>()
  for (const [token, { scopes, adminId, app }] of Object.entries(seed)) {
    const admin = adminOf(adminId)
    grants.set(`Bearer ${token}`, {
      scopes: scopes === 'all' ? 'all' : new Set(scopes),
      admin,
      app: app ?? 'app',
      revoked: false,
    })
  }
  return {
    find(authorization) {
      const grant = authorization === undefined ? undefined : grants.get(authorization)
      return grant === undefined || grant.revoked ? undefined : grant
    },
    get(token) {
      const grant = grants.get(`Bearer ${token}`)
      if (grant === undefined) throw new Error('the emulator has no such token')
      return grant
    },
  }
}
