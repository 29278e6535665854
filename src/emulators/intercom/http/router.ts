import type { Scope } from '../options.ts'
import type { Workspace } from '../state/workspace.ts'
import type { Admin } from '../state/admins.ts'
import type { Answer } from './answer.ts'
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

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Like `/contacts/{id}/tags`. */
  readonly path: string
  readonly effect: 'read' | 'write'
  readonly scopes: readonly Scope[]
  /** Rank of the first version with this route, e.g. 213. Default: 2.0. */
  readonly since?: number
  answer(call: Call): Answer
}

export interface Match {
  readonly route: Route
  readonly params: readonly string[]
}

interface Node {
  readonly fixed: Map<string, Node>
  any: Node | null
  readonly routes: Map<string, Route>
}

const node = (): Node => ({ fixed: new Map(), any: null, routes: new Map() })

/** Fixed parts win over `{…}` parts. As in Intercom, an unknown path and a wrong method both find nothing. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const root = node()
  for (const route of routes) {
    let at = root
    for (const part of route.path.slice(1).split('/')) {
      if (part.startsWith('{')) at = at.any ??= node()
      else if (at.fixed.has(part)) at = at.fixed.get(part)!
      else at.fixed.set(part, (at = node()))
    }
    at.routes.set(route.method, route)
  }
  return (method, path) => {
    const params: string[] = []
    let at: Node | null = root
    for (const part of path.slice(1).split('/')) {
      const fixed: Node | undefined = at.fixed.get(part)
      if (fixed === undefined) params.push(part)
      at = fixed ?? (part === '' ? null : at.any)
      if (at === null) return undefined
    }
    const route = at.routes.get(method)
    return route === undefined ? undefined : { route, params: params.map(decoded) }
  }
}

function decoded(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch (error) {
    // A stray % is no encoding: keep the part as it is; no record has such an id.
    if (error instanceof URIError) return part
    throw error
  }
}

/** The body as an object. A body of another type reads as an empty object; the route then reports the missing field. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {}
}

/** An id sent as a number or as a string; undefined when there is none. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}
