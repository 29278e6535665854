import assert from 'node:assert/strict'
import {
  partialOutcomes,
  type Fault,
  type Identity,
  type DeliverIo,
  type Key,
  type Observed,
  type Operation,
  type Outcome,
  type Outcomes,
  type Resolved,
} from '../../connect/index.ts'
import { withConnection, type ConnectionOptions, type HarnessConnection } from './harness-connection.ts'
import type { TargetCase, TargetHarness } from './target-harness.ts'

/** Whether nothing failed before for one of several groups. */
function isGood(outcome: Outcome | undefined): boolean {
  return outcome === undefined || outcome.status === 'delivered' || outcome.status === 'in-place'
}

/** A connection to an emulator, and the calls that the kit makes. */
export interface TargetSession {
  readonly harness: TargetHarness
  readonly io: DeliverIo
  resolve(groups: readonly string[], options?: { readonly create?: boolean }): Promise<Resolved<unknown>>
  deliver(resolved: Resolved<unknown>, kind: 'attach' | 'detach', identities: readonly Identity[]): Promise<Delivered>
  observe(resolved: Resolved<unknown>, identities: readonly Identity[]): Promise<readonly Observed[]>
  /** Runs `act`, which must throw a Fault, and returns that Fault. */
  fault(act: () => Promise<unknown>): Promise<Fault>
  abort(): void
}

export interface Delivered {
  /** By the identity's value; of several groups, the first that failed. When the delivery threw, the outcomes known by then. */
  readonly outcomes: Outcomes
  readonly fault: Fault | undefined
}

/** Runs `body` on a new emulator; see `withConnection`. */
export function withSession(
  testCase: TargetCase,
  options: ConnectionOptions,
  body: (session: TargetSession) => Promise<void>,
): Promise<void> {
  return withConnection(testCase, options, (connection) => body(sessionOf(testCase, connection)))
}

function sessionOf(
  testCase: TargetCase,
  { harness, io, say, heard, fault, abort }: HarnessConnection<TargetHarness>,
): TargetSession {
  const { object } = testCase
  return {
    harness,
    io,
    fault,
    abort,
    resolve: (groups, options) => object.resolve(io, object.settings.parse(testCase.settings(groups, options))),
    async deliver(resolved, kind, identities) {
      const all = new Map<Key, Outcome>()
      let thrown: Fault | undefined
      for (const { id: group } of resolved.groups) {
        if (group === null || thrown !== undefined) continue
        let outcomes: Outcomes
        try {
          outcomes = await object.deliver(
            io,
            resolved.ready,
            identities.map((identity): Operation => ({ key: identity.value, kind, identity, group })),
          )
          assert.deepEqual(
            [...outcomes.keys()].sort(),
            identities.map(({ value }) => value).sort(),
            'one outcome for each operation',
          )
        } catch (error) {
          thrown = heard(error)
          outcomes = partialOutcomes(error)
        }
        say(outcomes)
        for (const [key, outcome] of outcomes) if (isGood(all.get(key))) all.set(key, outcome)
      }
      return { outcomes: all, fault: thrown }
    },
    async observe(resolved, identities) {
      const observed: Observed[] = []
      for await (const each of object.read(io, resolved.ready, identities)) observed.push(each)
      return observed
    },
  }
}
