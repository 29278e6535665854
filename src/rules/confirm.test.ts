import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observed, ObservedGroup } from '../model/observed.ts'
import type { Operation, OperationKind } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Period } from '../model/period.ts'
import { confirmByReading } from './confirm.ts'

const identity = { field: 'id', value: 'k' }
const operation = (kind: OperationKind): Operation => ({
  key: 'k',
  kind,
  identity,
  group: kind === 'attach' || kind === 'detach' ? 'a' : '',
})
const holding = (...groups: ObservedGroup[]): Observed => ({ identity, groups })
const sent: Period = { from: 1_000_000, to: 1_000_000 }
const own: ObservedGroup = { id: 'a', appliedAt: 1000 }
/** Beyond the largest difference of two clocks. */
const older: ObservedGroup = { id: 'a', appliedAt: 800 }

interface Row {
  readonly what: string
  readonly kind: OperationKind
  readonly observed: Observed | undefined
  readonly sent: Period | null
  readonly outcome: Outcome | undefined
}

const table: readonly Row[] = [
  {
    what: 'an addition that is there since we sent it',
    kind: 'attach',
    observed: holding({ id: 'b' }, own),
    sent,
    outcome: { status: 'delivered', effect: 'created' },
  },
  {
    what: 'an addition that is there, as a Target without times says',
    kind: 'attach',
    observed: holding({ id: 'a' }),
    sent,
    outcome: { status: 'delivered', effect: 'created' },
  },
  {
    what: 'an addition that was there before',
    kind: 'attach',
    observed: holding(older),
    sent,
    outcome: { status: 'in-place', effect: 'nothing' },
  },
  {
    what: 'an addition that another author made',
    kind: 'attach',
    observed: holding({ ...own, byAnother: true }),
    sent,
    outcome: { status: 'in-place', effect: 'nothing' },
  },
  {
    what: 'an addition that was never sent, or at an unknown time',
    kind: 'attach',
    observed: holding(own),
    sent: null,
    outcome: { status: 'in-place', effect: 'nothing' },
  },
  { what: 'an addition that is not there', kind: 'attach', observed: holding({ id: 'b' }), sent, outcome: undefined },
  {
    what: 'a removal that is off',
    kind: 'detach',
    observed: holding({ id: 'b' }),
    sent,
    outcome: { status: 'delivered', effect: 'removed' },
  },
  {
    what: 'a removal that was never sent and is off',
    kind: 'detach',
    observed: holding(),
    sent: null,
    outcome: { status: 'in-place', effect: 'nothing' },
  },
  { what: 'a removal that is still there', kind: 'detach', observed: holding(own), sent, outcome: undefined },
  {
    what: 'the target record is remembered',
    kind: 'attach',
    observed: { ...holding(own), targetId: 'x' },
    sent,
    outcome: { status: 'delivered', effect: 'created', targetId: 'x' },
  },
  {
    what: 'a target record that does not exist proves nothing',
    kind: 'detach',
    observed: { identity, groups: null },
    sent,
    outcome: undefined,
  },
  {
    what: 'a target record that was not read proves nothing',
    kind: 'attach',
    observed: undefined,
    sent,
    outcome: undefined,
  },
  { what: 'a whole record is not judged by its groups', kind: 'update', observed: holding(), sent, outcome: undefined },
]

for (const { what, kind, observed, sent: period, outcome } of table) {
  test(`confirmed by reading (${kind}): ${what}`, () => {
    assert.deepEqual(confirmByReading(operation(kind), observed, period), outcome)
  })
}
