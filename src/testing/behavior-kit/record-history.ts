import fc from 'fast-check'
import type { Activation } from '../../engine/activation.ts'
import type { Key } from '../../model/record.ts'
import type { Cell } from '../../model/row.ts'
import type { RecordsMode } from '../simulated/simulated-records.ts'
import type { InjectedFault } from '../simulated/simulated-target.ts'

/** Two identifiers (the second one for rows without the first), and the values for the Fields `a`, `b` and `c`. */
export type NamedRow = readonly [ext: Cell, alt: Cell, a: Cell, b: Cell, c: Cell]

export const spokenFields = ['a', 'b', 'c'] as const
export type SpokenField = (typeof spokenFields)[number]

/** The settings of an Activation. */
export interface Terms {
  readonly mode: RecordsMode
  readonly fallBack: boolean
  readonly matches: 'one' | 'all'
  readonly clears: Readonly<Record<SpokenField, boolean>>
  /** The Field `c` is written only where it is empty. */
  readonly cOnlyIfEmpty: boolean
  readonly ownership: Activation['ownership']
  readonly drift: 'report' | 'repair'
  readonly changedRows: 'mark' | 'ignore'
}

export type HandsOn = 'a' | 'b' | 'c' | 'd' | 'rename' | 'archive' | 'unarchive' | 'delete' | 'create' | 'twin'

/** A manual edit of a target record. */
export interface ManualEdit {
  readonly at: number
  readonly what: HandsOn
  readonly value: Cell
  readonly secondsAway: number
}

/** One action: a Run with injected faults, an undo of an earlier Run, or a drift check. */
export type Deed =
  | {
      readonly do: 'run'
      readonly rows: readonly NamedRow[]
      readonly injectedFaults: readonly InjectedFault[]
      readonly diesAtQuery: number | undefined
      readonly readBreaksAfter: number | undefined
    }
  | { readonly do: 'undo'; readonly back: number; readonly injectedFaults: readonly InjectedFault[] }
  | { readonly do: 'verify'; readonly repair: boolean }

export interface Step {
  readonly edits: readonly ManualEdit[]
  readonly index: 'lags' | 'current' | 'an hour later'
  readonly deed: Deed
}

const names = 5
export const extOf = (at: number): Key => `e${at}`
export const altOf = (at: number): string => `m${at}`

const rarely = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constant('x') },
  { weight: 3, arbitrary: fc.constant('y') },
  { weight: 2, arbitrary: fc.constant(null) },
)
const place = fc.nat({ max: names - 1 })
const row: fc.Arbitrary<NamedRow> = fc
  .record({
    ext: place,
    alt: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: place }),
    named: fc.oneof(
      { weight: 5, arbitrary: fc.constant('both') },
      { weight: 2, arbitrary: fc.constantFrom('ext', 'alt') },
      { weight: 1, arbitrary: fc.constant('none') },
    ),
    values: fc.tuple(value, value, value),
  })
  .map(({ ext, alt = ext, named, values }): NamedRow => [
    named === 'both' || named === 'ext' ? extOf(ext) : null,
    named === 'both' || named === 'alt' ? altOf(alt) : null,
    ...values,
  ])
const injectedFault = fc.oneof(
  { weight: 10, arbitrary: fc.constant<InjectedFault>('ok') },
  { weight: 4, arbitrary: fc.constantFrom<InjectedFault>('on-hold', 'lost before', 'lost after', 'silent') },
  { weight: 1, arbitrary: fc.constantFrom<InjectedFault>('transient fault', 'auth fault') },
)
const injectedFaults = fc.oneof(
  { weight: 1, arbitrary: fc.constant<InjectedFault[]>(['ok']) },
  { weight: 1, arbitrary: fc.array(injectedFault, { minLength: 1, maxLength: 6, size: 'max' }) },
)

const run: fc.Arbitrary<Deed> = fc.record({
  do: fc.constant('run'),
  rows: fc.uniqueArray(row, { minLength: 1, maxLength: 8, size: 'max', selector: ([ext, alt]) => `${ext} ${alt}` }),
  injectedFaults,
  diesAtQuery: rarely(fc.integer({ min: 1, max: 60 }), 4),
  readBreaksAfter: rarely(fc.integer({ min: 0, max: 6 }), 8),
})
const undo: fc.Arbitrary<Deed> = fc.record({
  do: fc.constant('undo'),
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.constantFrom(1, 2) }),
  injectedFaults,
})
const verify: fc.Arbitrary<Deed> = fc.record({ do: fc.constant('verify'), repair: fc.boolean() })

export const stepOf: fc.Arbitrary<Step> = fc.record({
  edits: fc.array(
    fc.record({
      at: place,
      what: fc.constantFrom<HandsOn>(
        'a',
        'a',
        'b',
        'c',
        'd',
        'rename',
        'archive',
        'archive',
        'unarchive',
        'unarchive',
        'unarchive',
        'delete',
        'create',
        'twin',
      ),
      value: fc.constantFrom('p', 'q', 'x', null),
      secondsAway: fc.constantFrom(-7200, 7200),
    }),
    { maxLength: 5, size: 'max' },
  ),
  index: fc.constantFrom('lags', 'current', 'an hour later'),
  deed: fc.oneof({ weight: 6, arbitrary: run }, { weight: 2, arbitrary: undo }, { weight: 1, arbitrary: verify }),
})

export const termsOf: fc.Arbitrary<Terms> = fc.record({
  mode: fc.constantFrom<RecordsMode>('unique', 'native', 'twins'),
  fallBack: fc.boolean(),
  matches: fc.constantFrom('one', 'one', 'all'),
  clears: fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean() }),
  cOnlyIfEmpty: fc.boolean(),
  ownership: fc.constantFrom('respect', 'respect', 'enforce'),
  drift: fc.constantFrom('report', 'report', 'repair'),
  changedRows: fc.constantFrom('mark', 'ignore'),
})
