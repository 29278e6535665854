/** The state of the rate window for one request. */
export interface Meter {
  readonly limit: number
  readonly remaining: number
  /** Unix seconds at which the window ends. */
  readonly reset: number
  /** Whose limit rejects the request. */
  readonly rejected: 'app' | 'workspace' | null
}

export interface WindowCount {
  /** Unix seconds. */
  readonly start: number
  requests: number
  rejected: number
}

export interface FixedWindowOptions {
  /** Requests per window and app. */
  readonly limit: number
  /** Requests per window of all apps together. */
  readonly workspaceLimit: number
  /** A multiple of 1,000. */
  readonly windowMs: number
}

export interface Rate {
  take(app: string, nowMs: number): Meter
  /** The latest windows, oldest first. */
  windows(): readonly WindowCount[]
}

const keptWindows = 1000

/** Windows are fixed and aligned with the clock. Every authenticated request counts, including rejected ones. */
export function createRate({ limit, workspaceLimit, windowMs }: FixedWindowOptions): Rate {
  const used = new Map<string, number>()
  const windows: WindowCount[] = []
  let current: WindowCount = { start: -1, requests: 0, rejected: 0 }
  return {
    take(app, nowMs) {
      const start = Math.floor(nowMs / windowMs) * (windowMs / 1000)
      if (start !== current.start) {
        used.clear()
        windows.push((current = { start, requests: 0, rejected: 0 }))
        if (windows.length > keptWindows) windows.shift()
      }
      const ofApp = (used.get(app) ?? 0) + 1
      used.set(app, ofApp)
      current.requests++
      const rejected = ofApp > limit ? 'app' : current.requests > workspaceLimit ? 'workspace' : null
      if (rejected !== null) current.rejected++
      return { limit, remaining: Math.max(0, limit - ofApp), reset: start + windowMs / 1000, rejected }
    },
    windows: () => windows,
  }
}
