import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { Fault, type DeliverIo, type Io, type Log, type TargetSpec } from '../../connect/index.ts'
import { createHttpClient } from '../../http/http-client.ts'
import type { KitHarness } from './target-harness.ts'

/** The token of every kit test. No log line and no error may contain it. */
export const canary = 'canary-7f3a91d2-token'

/** A connection to an emulator: the same objects that the engine gives to a target. */
export interface HarnessConnection<S> {
  readonly harness: S
  readonly io: DeliverIo
  /** Records output, to be searched for the canary. */
  say(what: unknown): void
  /** Records the error and returns it as a Fault. Fails the test when it is no Fault or has kind `bug`. */
  heard(error: unknown): Fault
  /** Runs `act`, which must throw a Fault, and returns that Fault. */
  fault(act: () => Promise<unknown>): Promise<Fault>
  abort(): void
}

export interface ConnectionOptions {
  /** A different token than the one that the emulator accepts. */
  readonly token?: string
  readonly baseUrl?: string
  /** A right that the token lacks. */
  readonly without?: string
  /** How long the client repeats a request, in milliseconds. Default: 1,500. */
  readonly patienceMs?: number
}

/**
 * Runs `body` on a new emulator with the engine's HTTP client. Then searches everything logged or thrown for the
 * canary.
 */
export async function withConnection<S extends KitHarness<never>>(
  { target, start }: { readonly target: TargetSpec; start(token: string): Promise<S> },
  options: ConnectionOptions,
  body: (connection: HarnessConnection<S>) => Promise<void>,
): Promise<void> {
  const harness = await start(canary)
  if (options.without !== undefined) harness.withhold(options.without)
  const said: unknown[] = []
  const controller = new AbortController()
  const token = options.token ?? canary
  const config = target.config.parse(
    harness.config({ token, ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }) }),
  )
  const log = logInto(said)
  const client = createHttpClient({
    policy: target.http(config),
    secrets: [token],
    signal: controller.signal,
    now: Date.now,
    random: Math.random,
    log,
    patienceMs: options.patienceMs ?? 1500,
    firstContactMs: 300,
    backoff: { baseMs: 2, capMs: 10 },
  })
  const io: DeliverIo = { config, http: client, log, signal: controller.signal, memory: memory(), ...oneTicket() }
  const heard = (error: unknown): Fault => {
    said.push(error)
    if (!Fault.is(error)) throw error
    assert.notEqual(error.kind, 'bug', inspect(error))
    return error
  }
  const fault = async (act: () => Promise<unknown>): Promise<Fault> => {
    try {
      await act()
    } catch (error) {
      return heard(error)
    }
    return assert.fail('a Fault was expected')
  }
  try {
    await body({
      harness,
      io,
      say: (what) => void said.push(what),
      heard,
      fault,
      abort: () => controller.abort(),
    })
    assert.ok(
      !inspect(said, { depth: 12, maxStringLength: null, maxArrayLength: null }).includes(token),
      'the token appeared in a log or an error',
    )
  } finally {
    await client.close()
    await harness.close()
  }
}

function logInto(said: unknown[]): Log {
  const keep = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
    void said.push({ message, fields })
  return { debug: keep, info: keep, warn: keep }
}

/** For one batch. It waits only until the event loop turns: the harness's Target moves its own clock. */
export function oneTicket(): Pick<DeliverIo, 'ticket' | 'collects' | 'wait'> {
  let saved: string | undefined
  return {
    ticket: {
      get saved() {
        return saved
      },
      save(text) {
        saved = text
        return Promise.resolve()
      },
    },
    collects: false,
    wait: () => new Promise((resolve) => void setImmediate(resolve)),
  }
}

function memory(): Io['memory'] {
  const facts = new Map<string, string>()
  return {
    get: async (scope, name) => facts.get(`${scope} ${name}`),
    set: async (scope, name, value) => void facts.set(`${scope} ${name}`, value),
  }
}
