/** One request. `status` 0: the connection was cut. */
export interface LoggedRequest {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly requestId: string
  /** The API version that it names. */
  readonly version: string | null
  /** Id of the fault rule that fired. */
  readonly fault: number | null
}

export interface EndpointCount {
  requests: number
  /** By status; 0: the connection was cut. */
  readonly statuses: Record<string, number>
}

export interface RequestCounters {
  readonly total: number
  /** By the purpose of the endpoint, for any result of the request; unknown paths count as neither. */
  readonly reads: number
  readonly writes: number
  /** Answered 429. */
  readonly rateLimited: number
  readonly withoutVersion: number
  readonly mostInFlight: number
  /** By `METHOD /path/{id}`; unknown paths under `other`. */
  readonly endpoints: Readonly<Record<string, EndpointCount>>
}

export interface RequestLog {
  begin(): void
  end(request: LoggedRequest, endpoint: string, effect: 'read' | 'write' | null): void
  counters(): RequestCounters
  /** The latest requests, oldest first: 10,000 at most. */
  latest(): LoggedRequest[]
  clear(): void
}

const kept = 10_000

export function createRequestLog(): RequestLog {
  const ring: LoggedRequest[] = []
  let total = 0,
    reads = 0,
    writes = 0,
    rateLimited = 0,
    withoutVersion = 0,
    inFlight = 0,
    mostInFlight = 0
  const endpoints = new Map<string, EndpointCount>()
  return {
    begin() {
      inFlight++
      if (inFlight > mostInFlight) mostInFlight = inFlight
    },
    end(request, endpoint, effect) {
      inFlight--
      ring[total % kept] = request
      total++
      if (effect === 'read') reads++
      else if (effect === 'write') writes++
      if (request.status === 429) rateLimited++
      if (request.version === null) withoutVersion++
      let count = endpoints.get(endpoint)
      if (count === undefined) endpoints.set(endpoint, (count = { requests: 0, statuses: {} }))
      count.requests++
      count.statuses[request.status] = (count.statuses[request.status] ?? 0) + 1
    },
    counters: () => ({
      total,
      reads,
      writes,
      rateLimited,
      withoutVersion,
      mostInFlight,
      endpoints: structuredClone(Object.fromEntries(endpoints)),
    }),
    latest: () => (total <= kept ? ring.slice() : [...ring.slice(total % kept), ...ring.slice(0, total % kept)]),
    clear() {
      ring.length = 0
      endpoints.clear()
      total = reads = writes = rateLimited = withoutVersion = 0
      mostInFlight = inFlight
    },
  }
}
