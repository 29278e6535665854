import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  Fault, partialOutcomes, type Identity, type Io, type Log, type Observed, type Operation, type Outcomes, type Resolved,
} from '../connect/index.ts'
import { createHttpClient } from '../engine/http-client.ts'
import type { TargetCase, TargetStand } from './target-stand.ts'

/** No log and no error may ever show it. */
export const canary = 'canary-7f3a91d2-token'

/** A connection to a stand: what the engine hands to a target, and what the kit asks of it. */
export interface TargetSession {
  readonly stand: TargetStand
  readonly io: Io
  readonly config: unknown
  resolve(members: readonly string[], options?: { readonly create?: boolean }): Promise<Resolved<unknown>>
  deliver(resolved: Resolved<unknown>, kind: 'add' | 'remove', identities: readonly Identity[]): Promise<Delivered>
  observe(resolved: Resolved<unknown>, identities: readonly Identity[]): Promise<readonly Observed[]>
  /** Runs what must throw a Fault, and gives that Fault. */
  fault(act: () => Promise<unknown>): Promise<Fault>
  abort(): void
}

export interface Delivered {
  /** By identity's value. Of a delivery that threw, what it had settled. */
  readonly outcomes: Outcomes
  readonly fault: Fault | undefined
}

export interface SessionOptions {
  /** Another token than the one the stand accepts. */
  readonly token?: string
  readonly baseUrl?: string
  /** A right that the token lacks. */
  readonly without?: string
  /** How long the client repeats a request (default 1,500). */
  readonly patienceMs?: number
}

/** Runs `body` on a stand of its own with the engine's real HTTP client, then searches all that was said for the canary. */
export async function withSession(kase: TargetCase, options: SessionOptions, body: (session: TargetSession) => Promise<void>): Promise<void> {
  const stand = await kase.start(canary)
  if (options.without !== undefined) stand.withhold(options.without)
  const said: unknown[] = []
  const controller = new AbortController()
  const token = options.token ?? canary
  const config = kase.target.config.parse(stand.config({ token, ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }) }))
  const log = logInto(said)
  const client = createHttpClient({
    policy: kase.target.http(config), secrets: [token], signal: controller.signal, now: Date.now, random: Math.random, log,
    patienceMs: options.patienceMs ?? 1500, firstContactMs: 300, backoff: { baseMs: 2, capMs: 10 },
  })
  const io: Io = { http: client, log, signal: controller.signal, memory: memory() }
  try {
    await body(sessionOf(kase, { stand, io, config, said, controller }))
    assert.ok(!inspect(said, { depth: 12, maxStringLength: null }).includes(token), 'the token appeared in a log or an error')
  } finally {
    await client.close()
    await stand.close()
  }
}

interface Parts {
  readonly stand: TargetStand
  readonly io: Io
  readonly config: unknown
  readonly said: unknown[]
  readonly controller: AbortController
}

function sessionOf(kase: TargetCase, { stand, io, config, said, controller }: Parts): TargetSession {
  const { object } = kase
  const heard = (error: unknown): Fault => {
    said.push(error)
    if (!Fault.is(error)) throw error
    assert.notEqual(error.kind, 'bug', inspect(error))
    return error
  }
  return {
    stand, io, config,
    resolve: (members, options) => object.resolve(io, config, object.settings.parse(kase.settings(members, options))),
    async deliver(resolved, kind, identities) {
      const members = resolved.members.map(({ id }) => id).filter((id) => id !== null)
      const operations: Operation[] = identities.map((identity) => ({ key: identity.value, kind, identity, members }))
      let outcomes: Outcomes
      let fault: Fault | undefined
      try {
        outcomes = await object.deliver(io, resolved.ready, operations)
        assert.deepEqual([...outcomes.keys()].sort(), identities.map(({ value }) => value).sort(), 'one outcome for each operation')
      } catch (error) {
        fault = heard(error)
        outcomes = partialOutcomes(error)
      }
      said.push(outcomes)
      return { outcomes, fault }
    },
    async observe(resolved, identities) {
      const observed: Observed[] = []
      for await (const each of object.observe(io, resolved.ready, identities)) observed.push(each)
      return observed
    },
    async fault(act) {
      try {
        await act()
      } catch (error) {
        return heard(error)
      }
      return assert.fail('a Fault was expected')
    },
    abort: () => controller.abort(),
  }
}

function logInto(said: unknown[]): Log {
  const keep = (message: string, fields?: Readonly<Record<string, unknown>>): void => void said.push({ message, fields })
  return { debug: keep, info: keep, warn: keep }
}

function memory(): Io['memory'] {
  const facts = new Map<string, string>()
  return {
    get: async (scope, name) => facts.get(`${scope} ${name}`),
    set: async (scope, name, value) => void facts.set(`${scope} ${name}`, value),
  }
}
