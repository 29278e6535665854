import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { asFault, outcomeOfFault } from '../../connect/deliver-groups.ts'
import { Interrupted } from '../../connect/interrupted.ts'
import { defineObject, defineTarget, type TargetObject, type TargetSpec } from '../../connect/target.ts'
import { Fault } from '../../model/fault.ts'
import type { ObservedGroup, Observed } from '../../model/observed.ts'
import type { Operation } from '../../model/operation.ts'
import type { Outcome, Outcomes } from '../../model/outcome.ts'
import type { Key } from '../../model/record.ts'
import { windowLimit } from './window-limit.ts'

/** What happens to one Operation when it reaches the simulated Target. */
export type InjectedFault =
  | 'ok'
  | 'on-hold'
  | 'lost before'
  | 'lost after'
  | 'silent'
  | 'transient fault'
  | 'auth fault'

/** The tag on one target record: its true author, and the time that the Target reports (Unix seconds). */
interface Tagged {
  readonly by: 'us' | 'person'
  readonly appliedAt: number
}

/** A small stateful Target without a network: target records, each with at most one tag. For tests of the engine. */
export interface SimulatedTarget {
  readonly spec: TargetSpec
  readonly targetRecords: Set<Key>
  readonly tagged: Map<Key, Tagged>
  /** Every write that arrived, in order. */
  readonly writes: { readonly kind: Operation['kind']; readonly key: Key }[]
  /** Keys that lost a tag that a person had added. */
  readonly lost: Key[]
  /** Chooses the injected fault for each Operation. Set again for each Run. */
  injectedFault: (key: Key) => InjectedFault
  /** Adds or removes the tag by hand, `secondsAway` from now. */
  byHand(key: Key, what: 'on' | 'off', secondsAway: number): void
  /** Updates the index, which listings read. */
  catchUp(): void
}

export function simulateTarget(targetRecords: Iterable<Key>, byPerson: Iterable<Key> = []): SimulatedTarget {
  const existing = new Set(targetRecords)
  const tagged = new Map<Key, Tagged>([...byPerson].map((key) => [key, { by: 'person', appliedAt: 1_000_000 }]))
  let index = new Set(tagged.keys())
  const seconds = () => Math.floor(Date.now() / 1000)
  const target: SimulatedTarget = {
    spec: undefined as never,
    targetRecords: existing,
    tagged,
    writes: [],
    lost: [],
    injectedFault: () => 'ok',
    byHand(key, what, secondsAway) {
      if (what === 'off') tagged.delete(key)
      else if (!tagged.has(key)) tagged.set(key, { by: 'person', appliedAt: seconds() + secondsAway })
    },
    catchUp() {
      index = new Set(tagged.keys())
    },
  }

  const apply = ({ kind, key }: Operation): void => {
    if (kind === 'attach' && !tagged.has(key)) tagged.set(key, { by: 'us', appliedAt: seconds() })
    if (kind !== 'detach') return
    if (tagged.get(key)?.by === 'person') target.lost.push(key)
    tagged.delete(key)
  }
  const answer = (operation: Operation): Outcome | undefined => {
    const injectedFault = target.injectedFault(operation.key)
    if (injectedFault === 'on-hold') return { status: 'on-hold', code: 'server-error', message: 'not now' }
    target.writes.push({ kind: operation.kind, key: operation.key })
    if (injectedFault === 'lost before') return { status: 'unconfirmed', code: 'timeout', message: 'no answer' }
    if (!existing.has(operation.key))
      return { status: 'rejected', code: 'not-found', message: `there is no "${operation.key}"` }
    if (injectedFault === 'transient fault')
      throw new Fault('transient', 'the target broke down', { code: 'server-error', mayHaveApplied: true })
    if (injectedFault === 'auth fault') throw new Fault('auth', 'the token was revoked', { code: 'unauthorized' })
    apply(operation)
    if (injectedFault === 'lost after') return { status: 'unconfirmed', code: 'timeout', message: 'no answer' }
    return injectedFault === 'silent' ? undefined : { status: 'delivered', targetId: operation.key }
  }
  const held = (key: Key): readonly ObservedGroup[] => {
    const membership = tagged.get(key)
    return membership === undefined ? [] : [{ id: 't1', appliedAt: membership.appliedAt }]
  }

  const resolved = { ready: null, groups: [{ name: 'Tag', id: 't1' }], toCreate: [], notices: [] }
  const object = defineObject<{ tags: string[] }, null>({
    id: 'thing_tag',
    label: 'Thing tag',
    noun: { one: 'thing', many: 'things' },
    settings: z.strictObject({ tags: z.array(z.string()) }),
    operations: ['attach', 'detach'],
    group: { setting: 'tags', noun: { one: 'tag', many: 'tags' }, createSetting: 'createTag' },
    indexLagMs: 10 * 60_000,
    batch: { max: 7 },
    identifiers: [{ field: 'id', label: 'Id', accepts: ['text', 'integer'] }],
    resolve: () => Promise.resolve(resolved),
    prepare: () => Promise.resolve(resolved),
    countCalls: (_ready, _kind, operations) => operations,
    async *read(_io, _ready, want): AsyncIterable<Observed> {
      for (const identity of want) {
        await Promise.resolve()
        yield { identity, groups: existing.has(identity.value) ? held(identity.value) : null }
      }
    },
    listing: {
      perCall: 10,
      count: () => Promise.resolve(index.size),
      async *holders() {
        await Promise.resolve()
        yield [...index]
      },
      async *of(_io, _ready, want) {
        for (const identity of want) {
          await Promise.resolve()
          if (existing.has(identity.value)) yield { identity, groups: index.has(identity.value) ? [{ id: 't1' }] : [] }
        }
      },
    },
    deliver: (_io, _ready, operations) => deliverOneByOne(operations, answer),
  })

  return Object.assign(target, { spec: simulatedSpec(object) })
}

/** Answers each Operation in turn. After a Fault, the Operations that follow are on hold. */
export async function deliverOneByOne(
  operations: readonly Operation[],
  answer: (operation: Operation) => Outcome | undefined,
): Promise<Outcomes> {
  const outcomes = new Map<Key, Outcome>()
  for (const [at, operation] of operations.entries()) {
    await Promise.resolve()
    try {
      const outcome = answer(operation)
      if (outcome !== undefined) outcomes.set(operation.key, outcome)
    } catch (error) {
      const fault = asFault(error)
      outcomes.set(operation.key, outcomeOfFault(fault))
      for (const { key } of operations.slice(at + 1))
        outcomes.set(key, { status: 'on-hold', code: fault.code, message: fault.message })
      throw new Interrupted(fault, outcomes)
    }
  }
  return outcomes
}

/** A spec with this object only. Each simulation has its own account id, because Activations of one account share state. */
export function simulatedSpec(object: TargetObject): TargetSpec {
  const account = { accountId: `simulated ${randomUUID()}`, account: 'Simulated', user: 'nobody' }
  return defineTarget({
    contract: 2,
    id: 'simulated',
    name: 'Simulated',
    config: z.strictObject({}),
    http: () => ({
      baseUrl: 'http://127.0.0.1:9',
      auth: { bearer: 'none' },
      concurrency: 4,
      limits: [windowLimit(1000)],
    }),
    identify: () => Promise.resolve(account),
    check: () => Promise.resolve({ ...account, rights: [] }),
    objects: [object],
  })
}
