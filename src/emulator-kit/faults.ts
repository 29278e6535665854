import { z } from 'zod'
import { html, type Answer } from './answer.ts'

const applied = z.boolean().default(false)

const effect = z.discriminatedUnion('type', [
  /**
   * A chosen answer. Without `body`: the vendor's error envelope for that status, or with this `code` and `message`.
   * `rateHeaders: exhausted` shows 0 requests remaining.
   */
  z.strictObject({
    type: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    applied,
    code: z.string().optional(),
    message: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    rateHeaders: z.enum(['healthy', 'exhausted', 'none']).default('healthy'),
  }),
  /** An HTML page of the web server in front of the API. */
  z.strictObject({ type: z.literal('html'), status: z.int().min(200).max(599).default(502), applied }),
  z.strictObject({ type: z.literal('empty'), status: z.int().min(200).max(599).default(200), applied }),
  /** Cuts the connection before the request is carried out, or after it (`applied`), so that the answer is lost. */
  z.strictObject({ type: z.literal('reset'), applied }),
  z.strictObject({ type: z.literal('malformed'), applied }),
  /** The real answer, delayed. The delay adds to the next rule that fires. */
  z.strictObject({ type: z.literal('slow'), ms: z.int().min(0) }),
  /** The real answer without these fields, e.g. `users` and `companies` of `POST /tags`. */
  z.strictObject({ type: z.literal('omit'), fields: z.array(z.string()).min(1) }),
  /** Revokes the token of this request; this request already gets the 401. */
  z.strictObject({ type: z.literal('revoke') }),
])

/**
 * All given conditions must match. `nth`, `from` and `every` count, from 1, the calls with this `method` and `path`.
 */
export const faultRule = z.strictObject({
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  // In a path, * matches one part and ** the rest: '/contacts/*/tags/**'.
  path: z.string().startsWith('/').optional(),
  nth: z.int().min(1).optional(),
  from: z.int().min(1).optional(),
  every: z.int().min(1).optional(),
  /** Fires at most this many times. */
  count: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  /** Seed for `probability`: the same seed selects the same calls. */
  seed: z.int().default(1),
  effect,
})

export type FaultRule = z.input<typeof faultRule>
export type Effect = z.output<typeof effect>

export interface Fault {
  readonly id: number
  readonly rule: z.output<typeof faultRule>
  seen: number
  fired: number
}

export interface Faults {
  add(rule: FaultRule): Fault
  remove(id: number): boolean
  clear(): void
  list(): readonly Fault[]
  /** The injected faults for this request: a delay, and at most one effect. */
  pick(
    method: string,
    path: string,
  ): { readonly slowMs: number; readonly effect: Effect | null; readonly id: number | null }
}

interface Armed {
  readonly fault: Fault
  matches(method: string, path: string): boolean
  /** Between 0 and 1. */
  chance(): number
}

const none = { slowMs: 0, effect: null, id: null }

export function createFaults(): Faults {
  let next = 1
  let armed: Armed[] = []
  return {
    add(input) {
      const rule = faultRule.parse(input)
      const fault = { id: next++, rule, seen: 0, fired: 0 }
      armed.push({ fault, matches: matcher(rule), chance: mulberry32(rule.seed) })
      return fault
    },
    remove(id) {
      const before = armed.length
      armed = armed.filter(({ fault }) => fault.id !== id)
      return armed.length < before
    },
    clear() {
      armed = []
    },
    list: () => armed.map(({ fault }) => fault),
    pick(method, path) {
      if (armed.length === 0) return none
      let slowMs = 0
      for (const { fault, matches, chance } of armed) {
        if (!matches(method, path)) continue
        const { rule } = fault
        const call = ++fault.seen
        if (rule.nth !== undefined && call !== rule.nth) continue
        if (rule.from !== undefined && call < rule.from) continue
        if (rule.every !== undefined && call % rule.every !== 0) continue
        if (rule.count !== undefined && fault.fired >= rule.count) continue
        if (rule.probability !== undefined && chance() >= rule.probability) continue
        fault.fired++
        if (rule.effect.type !== 'slow') return { slowMs, effect: rule.effect, id: fault.id }
        slowMs += rule.effect.ms
      }
      return { slowMs, effect: null, id: null }
    },
  }
}

function matcher({ method, path }: z.output<typeof faultRule>): (method: string, path: string) => boolean {
  const pattern =
    path === undefined
      ? null
      : new RegExp(
          `^${path
            .split('/')
            .map((part) =>
              part === '**'
                ? '.*'
                : part
                    .split('*')
                    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
                    .join('[^/]*'),
            )
            .join('/')}$`,
        )
  return (ofCall, at) => (method === undefined || method === ofCall) && (pattern === null || pattern.test(at))
}

/** A small seeded random generator (mulberry32, public domain), so that runs are repeatable. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The vendor's usual error code and message for a status. */
export type Envelopes = Readonly<Record<number, readonly [code: string, message: string]>>

/** The answer that an effect sends instead of the real one. `truth` is null when the request was not carried out. */
export function distort(effect: Effect, truth: Answer | null, envelopes: Envelopes): Answer {
  switch (effect.type) {
    case 'status': {
      const headers = effect.headers === undefined ? {} : { headers: effect.headers }
      if (effect.body !== undefined) return { status: effect.status, json: effect.body, ...headers }
      const [code, message] = envelopes[effect.status] ?? ['server_error', 'Internal Server Error']
      const error = { code: effect.code ?? code, message: effect.message ?? message }
      return { status: effect.status, error, ...headers }
    }
    case 'html':
      return html(effect.status)
    case 'empty':
      return { status: effect.status }
    case 'malformed':
      return { status: 200, contentType: 'application/json; charset=utf-8', text: '{"type":"tag","id":"10' }
    case 'omit': {
      const json = truth?.json
      if (typeof json !== 'object' || json === null) return truth ?? { status: 200 }
      return {
        ...truth!,
        json: Object.fromEntries(Object.entries(json).filter(([name]) => !effect.fields.includes(name))),
      }
    }
    default:
      return truth ?? { status: 200 }
  }
}
