import type { TokenSeed } from '../options.ts'
import { adminOf, type Admin } from '../state/admins.ts'

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
