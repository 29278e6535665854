import fc from 'fast-check'
import type { LinkKind } from './shared-account-links.ts'
import { day, minute } from './shared-account.ts'

/** Few target records and groups, so that Activations often meet on the same link. */
const recordsAtAll = 4
const groupsAtAll = 2

/** One of the five Activations of a history. */
export interface Role {
  readonly kind: LinkKind
  readonly behavior: 'mirror' | 'attach' | 'detach'
  /** The group in its settings, unless a column names the groups. */
  readonly group: number
  readonly delivery: 'batch' | 'single'
  readonly ownership: 'respect' | 'adopt'
}

/**
 * A row: the target record's number, which identifiers the row has, in old or new form, and the groups in its column.
 */
export interface RowDraw {
  readonly at: number
  readonly holds: 'all' | 'first' | 'second'
  readonly form: 'old' | 'new'
  readonly groups: readonly number[]
}

/** A manual edit in Intercom. */
export interface ManualEdit {
  readonly link: 'contact_tag' | 'company_tag' | 'contact_company'
  readonly at: number
  readonly group: number
  readonly what: 'put' | 'take off'
  readonly byOtherAdmin: boolean
}

/** A fault that is injected at a certain query, request or write of a Run. */
export type Trouble =
  | { readonly is: 'dies at query'; readonly number: number }
  | { readonly is: 'dies before a request' | 'dies after a request'; readonly number: number }
  | { readonly is: 'reply lost' | 'request lost' | 'odd answer' | 'refused' | 'unavailable'; readonly number: number }

/** A manual edit in the middle of a Run. */
export interface ManualEditDuring {
  readonly atRequest: number
  readonly edit: ManualEdit
}

export type Deed =
  | {
      readonly do: 'run'
      readonly who: number
      readonly rows: readonly RowDraw[] | undefined
      readonly trouble: Trouble | undefined
      readonly during: ManualEditDuring | undefined
    }
  | {
      readonly do: 'together'
      readonly who: number
      readonly and: number
      readonly rows: readonly (readonly RowDraw[] | undefined)[]
      readonly during: ManualEditDuring | undefined
    }
  | { readonly do: 'hand'; readonly edits: readonly ManualEdit[] }
  | {
      readonly do: 'rename'
      readonly at: number
      readonly field: 'email' | 'external_id'
      readonly to: 'new' | 'old' | 'of another'
    }
  | { readonly do: 'undo'; readonly who: number; readonly back: number; readonly during: ManualEditDuring | undefined }
  | { readonly do: 'verify'; readonly who: number; readonly repair: boolean }
  | { readonly do: 'retry'; readonly who: number }

export interface Step {
  /** Time that passes before the action. */
  readonly pauseMs: number
  readonly deed: Deed
}

export interface History {
  readonly roles: readonly Role[]
  /** Manual edits made long before the first Run. */
  readonly before: readonly ManualEdit[]
  readonly steps: readonly Step[]
  /** The rows of the queries in the final Runs. */
  readonly last: readonly (readonly RowDraw[] | undefined)[]
  /**
   * Whether all Activations repeat their Runs at the end until none has anything to do, or only those with open
   * records.
   */
  readonly restsAll: boolean
}

const rarely = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const at = fc.integer({ min: 1, max: recordsAtAll })
const group = fc.nat({ max: groupsAtAll - 1 })
const who = fc.nat({ max: 4 })

const contactTags = fc.constantFrom<LinkKind>(
  'contact tags by id',
  'contact tags by email',
  'contact tags by external_id',
  'contact tags by a list',
  'contact tags from a column',
  'contact tags by a list from a column',
)
const companyTags = fc.constantFrom<LinkKind>(
  'company tags by id',
  'company tags by company_id',
  'company tags by a list',
  'company tags from a column',
)
const companies = fc.constantFrom<LinkKind>(
  'companies of contacts',
  'companies of contacts by email',
  'companies of contacts by a list',
  'companies from a column',
)

const roleOf = (kind: fc.Arbitrary<LinkKind>): fc.Arbitrary<Role> =>
  fc.record({
    kind,
    behavior: fc.oneof(
      { weight: 7, arbitrary: fc.constant('mirror') },
      { weight: 2, arbitrary: fc.constant('attach') },
      { weight: 1, arbitrary: fc.constant('detach') },
    ),
    group,
    delivery: fc.constantFrom('batch', 'batch', 'single'),
    ownership: fc.constantFrom('respect', 'respect', 'respect', 'adopt'),
  })

/** Five roles. Several of them always write the same kind of link. */
const roles: fc.Arbitrary<readonly Role[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      roleOf(contactTags),
      roleOf(contactTags),
      roleOf(companyTags),
      roleOf(companyTags),
      roleOf(companies),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      roleOf(contactTags),
      roleOf(contactTags),
      roleOf(contactTags),
      roleOf(companies),
      roleOf(companies),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      roleOf(companyTags),
      roleOf(companyTags),
      roleOf(companyTags),
      roleOf(companies),
      roleOf(companies),
    ),
  },
)

const row: fc.Arbitrary<RowDraw> = fc.record({
  at,
  holds: fc.constantFrom('all', 'all', 'all', 'first', 'second'),
  form: fc.oneof({ weight: 7, arbitrary: fc.constant('old') }, { weight: 1, arbitrary: fc.constant('new') }),
  groups: fc.uniqueArray(group, { minLength: 0, maxLength: groupsAtAll, size: 'max' }),
})
const rows = fc.uniqueArray(row, { maxLength: recordsAtAll, selector: (drawn) => drawn.at, size: 'max' })
const rowsAtLast = fc.oneof({ weight: 1, arbitrary: rows }, { weight: 1, arbitrary: fc.constant(undefined) })
const rowsOrSame = fc.oneof({ weight: 5, arbitrary: rows }, { weight: 1, arbitrary: fc.constant(undefined) })

const edit: fc.Arbitrary<ManualEdit> = fc.record({
  link: fc.constantFrom('contact_tag', 'contact_tag', 'company_tag', 'contact_company'),
  at,
  group,
  what: fc.constantFrom('put', 'put', 'take off'),
  byOtherAdmin: fc.boolean(),
})
const during = rarely(fc.record({ atRequest: fc.integer({ min: 1, max: 14 }), edit }), 5)
const trouble: fc.Arbitrary<Trouble | undefined> = rarely(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ is: fc.constant('dies at query'), number: fc.integer({ min: 5, max: 45 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constantFrom('dies before a request', 'dies after a request'),
        number: fc.integer({ min: 2, max: 12 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constantFrom('odd answer', 'refused'), number: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constantFrom('reply lost', 'request lost', 'unavailable'),
        number: fc.integer({ min: 1, max: 3 }),
      }),
    },
  ),
  5,
)

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('run'), who, rows: rowsOrSame, trouble, during }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('together'),
      who,
      and: who,
      rows: fc.tuple(rowsOrSame, rowsOrSame),
      during,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('hand'),
      edits: fc.array(edit, { minLength: 1, maxLength: 3, size: 'max' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rename'),
      at,
      field: fc.constantFrom('email', 'external_id'),
      to: fc.constantFrom('new', 'new', 'old', 'of another'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo'), who, back: fc.constantFrom(0, 0, 1), during }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('verify'), who, repair: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry'), who }) },
)
const pauseMs = fc.constantFrom(0, 0, minute, 3 * minute, 9 * minute, 11 * minute, 11 * minute, day)

export const historyOf: fc.Arbitrary<History> = fc.record({
  roles,
  before: fc.array(edit, { maxLength: 4, size: 'max' }),
  steps: fc.array(fc.record({ pauseMs, deed }), { minLength: 2, maxLength: 6, size: 'max' }),
  last: fc.tuple(rowsAtLast, rowsAtLast, rowsAtLast, rowsAtLast, rowsAtLast),
  restsAll: fc.constantFrom(true, false, false),
})
