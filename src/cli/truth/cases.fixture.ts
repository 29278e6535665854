import { behaviors } from '../../behaviors/registry.gen.ts'
import { Interrupted } from '../../connect/interrupted.ts'
import type { TargetObject } from '../../connect/target.ts'
import type { Activation } from '../../engine/activation.ts'
import { behaviorFor } from '../../model/behavior.ts'
import { Fault } from '../../model/fault.ts'
import type { Operation } from '../../model/operation.ts'
import type { Outcome, Outcomes } from '../../model/outcome.ts'
import type { Key } from '../../model/record.ts'
import type { Cell, Row } from '../../model/row.ts'
import { simulateWarehouse, type SimulatedWarehouse } from '../../testing/simulated/simulated-warehouse.ts'

/** What happens to the Operation with this number, counted from 1 within a Run. `ok`: the Target answers. */
export type Injected = 'ok' | 'rejected' | 'on-hold' | 'unconfirmed' | 'auth fault'

/** An Operation that reached the Target, and its answer. */
interface Sent {
  readonly operation: Operation
  readonly outcome: Outcome | undefined
}

/** One behavior of one object, with a Target whose failures a test chooses. */
export interface TruthCase {
  readonly name: string
  readonly activation: Activation
  readonly warehouse: SimulatedWarehouse
  /** Set again for each Run. */
  inject: (at: number) => Injected
  /** Called with each batch after the Target answered it. */
  answered: () => void
  /** What reached the Target since this list was emptied. */
  readonly sent: Sent[]
  /** The same, of all Runs. */
  readonly everSent: Sent[]
  /** What the Target holds for a Record: its link, or the whole record. */
  holds(key: Key): boolean
  /** The numbers of Operations start again, and the list of what was sent is emptied: before each Run. */
  restart(): void
  /** The Target's index shows what was done by hand. */
  readonly catchUp: () => void
  /** A row of the query: `version` changes its value. */
  row(at: number, version?: number): Cell | Row
}

export interface ObjectUnderTest {
  readonly object: string
  /** The identifier, and its value for a target record that exists. */
  readonly field: string
  readonly existing: (at: number) => string
  readonly settings?: Readonly<Record<string, unknown>>
  /** The Field that whole records map. */
  readonly mapped?: string
  readonly hasLink?: (at: number) => void
  readonly holds: (key: Key) => boolean
  /** The Target's index shows what was done by hand. */
  readonly catchUp: () => void
}

/** Records of each case are apart from those of the others. */
export const perCase = 500

/** A case for each behavior that suits the object. */
export function casesOf(
  under: ObjectUnderTest,
  object: TargetObject,
  around: (wrapped: TargetObject) => Pick<Activation, 'target'>,
): readonly TruthCase[] {
  let from = 0
  return Object.values(behaviors).flatMap((known) => {
    const behavior = behaviorFor(known, object)
    if (behavior === undefined) return []
    from += 1
    return [openCase(under, object, behavior, (from - 1) * perCase, around)]
  })
}

function openCase(
  { field, existing, settings = {}, mapped: mappedBy, hasLink, holds, catchUp }: ObjectUnderTest,
  object: TargetObject,
  behavior: Activation['behavior'],
  offset: number,
  around: (wrapped: TargetObject) => Pick<Activation, 'target'>,
): TruthCase {
  const writesFields = ['create', 'update', 'upsert'].includes(behavior.plan.added ?? '')
  const mapped = writesFields ? mappedBy : undefined
  const warehouse = simulateWarehouse(mapped === undefined ? ['id'] : ['id', 'value'])
  const creates = behavior.plan.added === 'create' || behavior.plan.added === 'upsert'
  let arrived = 0
  const made: TruthCase = {
    name: `${object.id} ${behavior.id}`,
    warehouse,
    inject: () => 'ok',
    answered: () => undefined,
    sent: [],
    everSent: [],
    holds,
    catchUp,
    activation: undefined as never,
    restart() {
      arrived = 0
      made.sent.length = 0
      made.inject = () => 'ok'
      made.answered = () => undefined
    },
    row(at, version = 1) {
      if (behavior.plan.added === 'detach') hasLink?.(offset + at + 1)
      const id = creates ? `new-${offset + at}` : existing(offset + at + 1)
      return mapped === undefined ? id : [id, `value ${version}`]
    },
  }
  const wrapped: TargetObject = {
    ...object,
    async deliver(io, ready, operations) {
      const plan = operations.map((operation) => ({ operation, what: made.inject((arrived += 1)) }))
      const broken = plan.findIndex(({ what }) => what === 'auth fault')
      const asked = broken === -1 ? plan : plan.slice(0, broken)
      const reaching = asked
        .filter(({ what }) => what === 'ok' || what === 'unconfirmed')
        .map(({ operation }) => operation)
      const answers: Outcomes =
        reaching.length === 0 ? new Map<Key, Outcome>() : await object.deliver(io, ready, reaching)
      const outcomes = new Map<Key, Outcome>()
      for (const { operation, what } of asked) {
        const outcome = injectedOutcome(what) ?? answers.get(operation.key)
        if (what === 'ok' || what === 'unconfirmed') {
          made.sent.push({ operation, outcome })
          made.everSent.push({ operation, outcome })
        }
        if (outcome !== undefined) outcomes.set(operation.key, outcome)
      }
      made.answered()
      if (broken === -1) return outcomes
      for (const { operation } of plan.slice(broken))
        outcomes.set(operation.key, { status: 'on-hold', code: 'unauthorized', message: 'the token was revoked' })
      throw new Interrupted(new Fault('auth', 'the token was revoked', { code: 'unauthorized' }), outcomes)
    },
  }
  const activation: Activation = {
    name: made.name,
    query: 'select id from simulated',
    behavior,
    object: wrapped,
    settings: object.settings.parse(settings),
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    ...around(wrapped),
    identifier: { field, column: 'id' },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', updates: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
    ...(mapped !== undefined && {
      mapping: {
        fields: [{ field: mapped, from: { column: 'value' }, clean: [], onNull: 'skip', onlyIfEmpty: false }],
        autoMap: false,
      },
    }),
  }
  return Object.assign(made, { activation })
}

function injectedOutcome(what: Injected): Outcome | undefined {
  switch (what) {
    case 'rejected':
      return { status: 'rejected', code: 'refused', message: 'injected: no' }
    case 'on-hold':
      return { status: 'on-hold', code: 'server-error', message: 'injected: not now' }
    case 'unconfirmed':
      return { status: 'unconfirmed', code: 'timeout', message: 'injected: no answer' }
    default:
      return undefined
  }
}
