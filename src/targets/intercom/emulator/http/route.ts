import type { Match as MatchOf, RouteAddress } from '../../../../emulator-kit/router.ts'
import type { Scope } from '../options.ts'
import type { Workspace } from '../state/workspace.ts'
import type { Admin } from '../state/admins.ts'
import type { Answer } from '../../../../emulator-kit/answer.ts'
import type { Version } from './version.ts'

/** One request, as a route receives it. */
export interface Call {
  readonly workspace: Workspace
  /** The `{…}` parts of the path, decoded, in order. */
  readonly params: readonly string[]
  readonly query: URLSearchParams
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown
  readonly version: Version
  /** The token's admin. */
  readonly admin: Admin
  readonly app: string
}

export interface Route extends RouteAddress {
  readonly scopes: readonly Scope[]
  /** Rank of the first version with this route, e.g. 213. Default: 2.0. */
  readonly since?: number
  answer(call: Call): Answer
}

export type Match = MatchOf<Route>
