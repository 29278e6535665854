import type { BehaviorPlan } from '../model/behavior.ts'
import { isEmpty, type Fields, type FieldValue } from '../model/field.ts'
import type { Noun } from '../model/noun.ts'
import type { Match } from '../model/observed.ts'
import type { PlannedKind, Reason } from '../model/operation.ts'
import type { RejectionCode } from '../model/outcome.ts'
import { byUnknownClock, type Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'
import type { Ownership } from './decide.ts'
import { ambiguousWords, notFoundWords } from './found-words.ts'
import { hadValue, wasAsked, wasTried, type Fingerprints } from './fingerprints.ts'
import { isByUs } from './authorship.ts'

/** Stage against Snapshot for one Record with fields. */
export interface RecordDifference {
  readonly key: Key
  readonly reason: Reason
  /** The values from the query. */
  readonly desired: Fields
  /** What was last settled; undefined: nothing was. */
  readonly was: Fingerprints | undefined
  /** The target record it was settled on; null: unknown, or several. */
  readonly wasOn: string | null
  /** Whether we created that target record; `unconfirmed`: our create got no answer. */
  readonly createdByUs: 'yes' | 'unconfirmed' | 'no'
  /** When the unconfirmed write was sent; null: nothing is unconfirmed, or the Record only needs a repair. */
  readonly sent: Period | null
}

export interface RecordIntent {
  readonly plan: BehaviorPlan
  readonly ownership: Ownership
  readonly matches: 'one' | 'all'
  readonly changedRows: 'mark' | 'ignore'
  readonly onlyIfEmpty: ReadonlySet<string>
  /** For messages: "contact", "external_id". */
  readonly noun: Noun
  readonly identifier: string
}

/** One line of the Plan for a Record. */
export interface RecordLine {
  readonly kind: PlannedKind
  /** Its id in the Target; null: not created yet, or the Target finds it itself. */
  readonly targetId: string | null
  /** The values to set, or, for a confirmed create, the desired values; null: none. */
  readonly set: Fields | null
  /** Values of these Fields before; null: not read. */
  readonly before: Fields | null
  readonly note: 'in-place' | 'nothing-to-do' | 'confirmed' | 'later-run' | null
  /** Why it is rejected. */
  readonly code: RejectionCode | null
  readonly message: string | null
  /** Our unconfirmed create made this target record. */
  readonly managed: boolean
}

const blank: RecordLine = {
  kind: 'skip',
  targetId: null,
  set: null,
  before: null,
  note: null,
  code: null,
  message: null,
  managed: false,
}
/**
 * Change x SyncBehavior x matches in the Target -> Plan lines. `found` undefined: no lookup was made, because the
 * Target itself creates or updates.
 */
export function decideRecord(
  difference: RecordDifference,
  found: { readonly matches: readonly Match[]; readonly remark?: string } | undefined,
  intent: RecordIntent,
): readonly RecordLine[] {
  const { reason } = difference
  const matches = found?.matches
  if (reason === 'left') return leave(difference, matches ?? [], intent)
  const asks = reason === 'changed' ? intent.plan.changed : intent.plan.added
  if (asks === null) return [{ ...blank, note: 'nothing-to-do' }]
  if (asks === 'mark') {
    if (isAsItWas(difference) || intent.changedRows === 'ignore') return [{ ...blank, note: 'nothing-to-do' }]
    return [
      reject(
        'changed-after-insert',
        `This row changed after its ${intent.noun.one} was created. The behavior only creates records, so the change was not sent.`,
      ),
    ]
  }
  if (matches === undefined) return [{ ...blank, kind: asks, set: changedFields(difference, undefined, intent) }]
  const [only] = matches
  if (only === undefined) return absent(difference, asks, intent, found?.remark)
  if (matches.length > 1 && (intent.matches === 'one' || asks === 'create'))
    return [ambiguous(difference.key, matches, intent)]
  return matches.map((match) => present(difference, asks, match, intent))
}

function absent(
  { key, reason, desired }: RecordDifference,
  asks: PlannedKind,
  { noun, identifier }: RecordIntent,
  remark: string | undefined,
): readonly RecordLine[] {
  // It may exist although the index does not show it. Then the Target updates it, so empty values are sent, too.
  if (asks === 'upsert') return [{ ...blank, kind: asks, set: desired }]
  if (asks === 'create') {
    return [
      { ...blank, kind: asks, set: Object.fromEntries(Object.entries(desired).filter(([, value]) => !isEmpty(value))) },
    ]
  }
  // An unconfirmed delete or archive is confirmed if its target record is gone.
  if (reason === 'unconfirmed' && (asks === 'delete' || asks === 'archive')) return [{ ...blank, note: 'confirmed' }]
  return [reject('not-found', notFoundWords(noun, identifier, key, remark))]
}

function present(difference: RecordDifference, asks: PlannedKind, match: Match, intent: RecordIntent): RecordLine {
  const { targetId } = match
  if (asks === 'delete' || asks === 'archive') return { ...blank, kind: asks, targetId }
  const managed = madeByUs(difference, match)
  const confirmed = { ...blank, targetId, set: difference.desired, note: 'confirmed', managed } as const
  if (asks === 'create') {
    if (managed) return confirmed
    return reject(
      'already-exists',
      `It exists already: ${match.label} (id ${targetId}). The behavior only creates records, so it was not changed.`,
    )
  }
  const set = changedFields(difference, match, intent)
  if (Object.keys(set).length === 0) return managed ? confirmed : { ...blank, targetId, note: 'in-place' }
  const before = Object.fromEntries(Object.keys(set).map((field) => [field, match.fields[field] ?? null]))
  return { ...blank, kind: 'update', targetId, set, before, managed }
}

/** True for an unconfirmed create and a target record that was created while it was sent. */
function madeByUs({ createdByUs, sent }: RecordDifference, { createdAt }: Match): boolean {
  return (
    createdByUs === 'unconfirmed' &&
    sent !== null &&
    createdAt !== undefined &&
    isByUs({ id: '', appliedAt: createdAt }, byUnknownClock(sent))
  )
}

function leave(difference: RecordDifference, matches: readonly Match[], { plan }: RecordIntent): readonly RecordLine[] {
  const [only] = matches
  if (plan.removed === null || only === undefined || matches.length > 1) return [{ ...blank, note: 'nothing-to-do' }]
  // The identifier may belong to another target record by now.
  const isManaged =
    (difference.createdByUs === 'yes' && only.targetId === difference.wasOn) || madeByUs(difference, only)
  return [isManaged ? { ...blank, kind: plan.removed, targetId: only.targetId } : { ...blank, note: 'nothing-to-do' }]
}

/** True for a row that changed and changed back. */
function isAsItWas({ desired, was }: RecordDifference): boolean {
  return was !== undefined && Object.entries(desired).every(([field, value]) => wasAsked(was, field, value) === true)
}

/**
 * The Fields to send: those that differ in the Target. Of a Record settled before, only Fields whose desired value
 * changed since, so that a person's edits of other Fields stay. `enforce` and repairs send those, too.
 */
function changedFields(
  { reason, desired, was, wasOn, sent }: RecordDifference,
  match: Match | undefined,
  intent: RecordIntent,
): Fields {
  const putsRight = reason === 'unconfirmed' && sent === null
  const isSame = match === undefined || (wasOn === null ? intent.matches === 'all' : wasOn === match.targetId)
  const respects = intent.ownership !== 'enforce' && was !== undefined && isSame && !putsRight
  const kept = Object.entries(desired).filter(([field, value]) => {
    const holds = match?.fields[field]
    if (match !== undefined && same(holds, value)) return false
    // The Target stored the same desired value in the form it holds now, and would do so again.
    if (
      match !== undefined &&
      isSame &&
      was !== undefined &&
      wasAsked(was, field, value) === true &&
      hadValue(was, field, holds ?? null) === true
    )
      return false
    if (intent.onlyIfEmpty.has(field) && match !== undefined && !isEmpty(holds)) return false
    // Another value than ours was set by another party, unless a write of ours that got no answer set it.
    return !(
      respects &&
      wasAsked(was, field, value) === true &&
      !(match !== undefined && wasTried(was, field, holds ?? null))
    )
  })
  return Object.fromEntries(kept)
}

function same(holds: FieldValue | undefined, wanted: FieldValue): boolean {
  return holds === wanted || (isEmpty(holds) && isEmpty(wanted))
}

function ambiguous(key: Key, matches: readonly Match[], { noun, identifier, plan }: RecordIntent): RecordLine {
  const advice =
    plan.added === 'upsert' || plan.added === 'update' ? ' Or set matches: all to write to all of them.' : ''
  return reject('ambiguous', ambiguousWords(noun, identifier, key, matches) + advice)
}

function reject(code: RejectionCode, message: string): RecordLine {
  return { ...blank, kind: 'reject', code, message }
}
