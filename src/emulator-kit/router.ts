/** An endpoint of an emulated API. The emulator adds what its own checks need, and the function that answers. */
export interface RouteAddress {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Like `/contacts/{id}/tags`. */
  readonly path: string
  /** For the request counters. */
  readonly effect: 'read' | 'write'
}

export interface Match<Route> {
  readonly route: Route
  /** The `{…}` parts of the path, decoded, in order. */
  readonly params: readonly string[]
}

interface Node<Route> {
  readonly fixed: Map<string, Node<Route>>
  any: Node<Route> | null
  readonly routes: Map<string, Route>
}

/** Fixed parts win over `{…}` parts. An unknown path and a wrong method both find nothing. */
export function createRouter<Route extends RouteAddress>(
  routes: readonly Route[],
): (method: string, path: string) => Match<Route> | undefined {
  const node = (): Node<Route> => ({ fixed: new Map(), any: null, routes: new Map() })
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
    let at: Node<Route> | null = root
    for (const part of path.slice(1).split('/')) {
      const fixed: Node<Route> | undefined = at.fixed.get(part)
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
