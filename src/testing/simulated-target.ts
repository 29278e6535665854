import { z } from 'zod'
import { defineObject, defineTarget, type TargetSpec } from '../connect/target.ts'
import { Fault } from '../model/fault.ts'
import type { Observed } from '../model/observed.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Key } from '../model/record.ts'

/** What happens to one Operation when it reaches the simulated Target. */
export type Fate = 'ok' | 'deferred' | 'lost before' | 'lost after' | 'silent' | 'transient fault' | 'auth fault'

/** A small stateful Target without a network: things that exist, and the one tag each may carry. For tests of the engine. */
export interface SimulatedTarget {
  readonly spec: TargetSpec
  readonly things: Set<Key>
  readonly tagged: Set<Key>
  /** Every write that was asked for, in order. */
  readonly writes: { readonly kind: Operation['kind']; readonly key: Key }[]
  /** Decides the fate of each Operation; set anew for each Run. */
  fate: (key: Key) => Fate
}

export function simulateTarget(things: Iterable<Key>, tagged: Iterable<Key> = []): SimulatedTarget {
  const target: SimulatedTarget = { spec: undefined as never, things: new Set(things), tagged: new Set(tagged), writes: [], fate: () => 'ok' }
  const apply = ({ kind, key }: Operation) => kind === 'add' ? target.tagged.add(key) : target.tagged.delete(key)

  const answer = (operation: Operation): Outcome | undefined => {
    const fate = target.fate(operation.key)
    if (fate === 'deferred') return { status: 'deferred', code: 'server-error', message: 'not now' }
    target.writes.push({ kind: operation.kind, key: operation.key })
    if (fate === 'lost before') return { status: 'uncertain', code: 'timeout', message: 'no answer' }
    if (!target.things.has(operation.key)) return { status: 'rejected', code: 'not-found', message: `there is no "${operation.key}"` }
    if (fate === 'transient fault') throw new Fault('transient', 'the target broke down', { code: 'server-error', mayHaveApplied: true })
    if (fate === 'auth fault') throw new Fault('auth', 'the token was revoked', { code: 'unauthorized' })
    apply(operation)
    if (fate === 'lost after') return { status: 'uncertain', code: 'timeout', message: 'no answer' }
    return fate === 'silent' ? undefined : { status: 'delivered', targetId: operation.key }
  }

  const resolved = { ready: null, members: [{ name: 'Tag', id: 't1' }], toCreate: [], notices: [] }
  const object = defineObject<{ tags: string[] }, null>({
    id: 'thing_tag', label: 'Thing tag', settings: z.strictObject({ tags: z.array(z.string()) }), operations: ['add', 'remove'],
    members: { setting: 'tags', noun: 'tag', createSetting: 'createTag' }, batch: { max: 7 },
    identifiers: [{ field: 'id', label: 'Id', accepts: ['text', 'integer'] }],
    resolve: () => Promise.resolve(resolved),
    prepare: () => Promise.resolve(resolved),
    countCalls: (_ready, _kind, operations) => operations,
    async *observe(_io, _ready, want): AsyncIterable<Observed> {
      for (const identity of want) {
        await Promise.resolve()
        yield { identity, members: target.things.has(identity.value) ? (target.tagged.has(identity.value) ? [{ id: 't1' }] : []) : null }
      }
    },
    async deliver(_io, _ready, operations) {
      const outcomes = new Map<Key, Outcome>()
      for (const operation of operations) {
        await Promise.resolve()
        const outcome = answer(operation)
        if (outcome !== undefined) outcomes.set(operation.key, outcome)
      }
      return outcomes
    },
  })

  const spec = defineTarget({
    specVersion: 1, id: 'simulated', name: 'Simulated', config: z.strictObject({}),
    http: () => ({
      baseUrl: 'http://127.0.0.1:9', auth: { bearer: 'none' }, concurrency: 4,
      rate: { windowMs: 10_000, assumed: 1000, limitHeader: 'x-limit', remainingHeader: 'x-remaining', resetHeader: 'x-reset' },
    }),
    identify: () => Promise.resolve({ accountId: 'sim', account: 'Simulated', user: 'nobody' }),
    check: () => Promise.resolve({ accountId: 'sim', account: 'Simulated', user: 'nobody', rights: [] }),
    objects: [object],
  })
  return Object.assign(target, { spec })
}
