import type { BehaviorPlan } from '../model/behavior.ts'
import { isEmpty, type Fields, type FieldValue } from '../model/field.ts'
import type { Match } from '../model/observed.ts'
import type { PlannedKind, Reason } from '../model/operation.ts'
import type { RejectionCode } from '../model/outcome.ts'
import { byUnknownClock, type Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'
import type { Ownership } from './decide.ts'
import { ambiguousWords, notFoundWords } from './found-words.ts'
import { hadValue, wasAsked, type Fingerprints } from './fingerprints.ts'
import { isByUs } from './authorship.ts'

/** Stage against Snapshot for one Record that has values to set. */
export interface RecordDifference {
  readonly key: Key
  readonly reason: Reason
  /** The values that the query asks for. */
  readonly desired: Fields
  /** What was last settled; undefined where nothing ever was. */
  readonly was: Fingerprints | undefined
  /** The thing that this was settled on; null where it is not known, or there are several. */
  readonly wasOn: string | null
  /** We brought that thing into being; or may have, which is in doubt. */
  readonly createdByUs: 'yes' | 'unconfirmed' | 'no'
  /** When what is in doubt was sent; null where nothing is, or where it is only to be put right. */
  readonly sent: Period | null
}

export interface RecordIntent {
  readonly plan: BehaviorPlan
  readonly ownership: Ownership
  readonly matches: 'one' | 'all'
  readonly changedRows: 'mark' | 'ignore'
  readonly onlyIfEmpty: ReadonlySet<string>
  /** For words: "contact", "external_id". */
  readonly noun: string
  readonly identifier: string
}

/** One line of the Plan for a Record. */
export interface RecordLine {
  readonly kind: PlannedKind
  /** The thing's own id; null where it is yet to be made, or the Target finds it itself. */
  readonly targetId: string | null
  /** What to set, or, of a creation that is confirmed, what it was to hold; null where nothing is. */
  readonly set: Fields | null
  /** What these Fields held before; null where nobody looked. */
  readonly before: Fields | null
  readonly note: 'in-place' | 'nothing-to-do' | 'confirmed' | 'later-run' | null
  /** Why it is refused. */
  readonly code: RejectionCode | null
  readonly message: string | null
  /** This brings, or brought, the thing into being: `['created']`. */
  readonly marks: readonly string[]
}

const blank: RecordLine = { kind: 'skip', targetId: null, set: null, before: null, note: null, code: null, message: null, marks: [] }
const created = ['created'] as const
/**
 * Change x SyncBehavior x what the identifier names in the Target -> what to ask. `found` undefined: nobody looked, since the Target
 * itself creates or updates.
 */
export function decideRecord(difference: RecordDifference, found: { readonly matches: readonly Match[]; readonly remark?: string } | undefined, intent: RecordIntent): readonly RecordLine[] {
  const { reason } = difference
  const matches = found?.matches
  if (reason === 'left') return leave(difference, matches ?? [], intent)
  const asks = reason === 'changed' ? intent.plan.changed : intent.plan.added
  if (asks === null) return [{ ...blank, note: 'nothing-to-do' }]
  if (asks === 'mark') {
    if (isAsItWas(difference) || intent.changedRows === 'ignore') return [{ ...blank, note: 'nothing-to-do' }]
    return [reject('changed-after-insert', `This row changed after its ${intent.noun} was created, and records are only added: the change was not sent.`)]
  }
  if (matches === undefined) return [{ ...blank, kind: asks, set: changedFields(difference, undefined, intent) }]
  const [only] = matches
  if (only === undefined) return absent(difference, asks, intent, found?.remark)
  if (matches.length > 1 && (intent.matches === 'one' || asks === 'create')) return [ambiguous(difference.key, matches, intent)]
  return matches.map((match) => present(difference, asks, match, intent))
}

function absent({ key, reason, desired }: RecordDifference, asks: PlannedKind, { noun, identifier }: RecordIntent, remark: string | undefined): readonly RecordLine[] {
  // It may be there all the same, where the index does not show it: then the Target updates it, and empties what is to be empty.
  if (asks === 'upsert') return [{ ...blank, kind: asks, set: desired }]
  if (asks === 'create') {
    return [{ ...blank, kind: asks, set: Object.fromEntries(Object.entries(desired).filter(([, value]) => !isEmpty(value))) }]
  }
  // What was in doubt and is gone is done.
  if (reason === 'unconfirmed' && (asks === 'delete' || asks === 'archive')) return [{ ...blank, note: 'confirmed' }]
  return [reject('not-found', notFoundWords(noun, identifier, key, remark))]
}

function present(difference: RecordDifference, asks: PlannedKind, match: Match, intent: RecordIntent): RecordLine {
  const { targetId } = match
  if (asks === 'delete' || asks === 'archive') return { ...blank, kind: asks, targetId }
  const managed = madeByUs(difference, match) ? created : []
  const confirmed = { ...blank, targetId, set: difference.desired, note: 'confirmed', marks: managed } as const
  if (asks === 'create') {
    if (managed.length > 0) return confirmed
    return reject('already-exists', `It exists already: ${match.label} (id ${targetId}). Records are only added, so it was not touched.`)
  }
  const set = changedFields(difference, match, intent)
  if (Object.keys(set).length === 0) return managed.length > 0 ? confirmed : { ...blank, targetId, note: 'in-place' }
  const before = Object.fromEntries(Object.keys(set).map((field) => [field, match.fields[field] ?? null]))
  return { ...blank, kind: 'update', targetId, set, before, marks: managed }
}

/** A creation in doubt, and a thing that came to be just then: that is ours. */
function madeByUs({ createdByUs, sent }: RecordDifference, { createdAt }: Match): boolean {
  return createdByUs === 'unconfirmed' && sent !== null && createdAt !== undefined && isByUs({ id: '', appliedAt: createdAt }, byUnknownClock(sent))
}

function leave(difference: RecordDifference, matches: readonly Match[], { plan }: RecordIntent): readonly RecordLine[] {
  const [only] = matches
  if (plan.removed === null || only === undefined || matches.length > 1) return [{ ...blank, note: 'nothing-to-do' }]
  // Another thing may carry the identifier by now.
  const isManaged = (difference.createdByUs === 'yes' && only.targetId === difference.wasOn) || madeByUs(difference, only)
  return [isManaged ? { ...blank, kind: plan.removed, targetId: only.targetId } : { ...blank, note: 'nothing-to-do' }]
}

/** A row that changed, and changed back. */
function isAsItWas({ desired, was }: RecordDifference): boolean {
  return was !== undefined && Object.entries(desired).every(([field, value]) => wasAsked(was, field, value) === true)
}

/**
 * What really needs to be sent: what the Target does not hold already; of a row that was settled before, only the Fields that are not
 * known to be settled as they are asked for, so that what a person wrote into the others stays (unless `enforce` says otherwise, or
 * just that is to be put right).
 */
function changedFields({ reason, desired, was, wasOn, sent }: RecordDifference, match: Match | undefined, intent: RecordIntent): Fields {
  const putsRight = reason === 'unconfirmed' && sent === null
  const isSame = match === undefined || (wasOn === null ? intent.matches === 'all' : wasOn === match.targetId)
  const respects = intent.ownership !== 'enforce' && was !== undefined && isSame && !putsRight
  const kept = Object.entries(desired).filter(([field, value]) => {
    const holds = match?.fields[field]
    if (match !== undefined && same(holds, value)) return false
    // Asked for before, and kept as the Target then kept it: it would keep it in just that form again.
    if (match !== undefined && isSame && was !== undefined && wasAsked(was, field, value) === true && hadValue(was, field, holds ?? null) === true) return false
    if (intent.onlyIfEmpty.has(field) && match !== undefined && !isEmpty(holds)) return false
    return !(respects && wasAsked(was, field, value) === true)
  })
  return Object.fromEntries(kept)
}

function same(holds: FieldValue | undefined, wanted: FieldValue): boolean {
  return holds === wanted || (isEmpty(holds) && isEmpty(wanted))
}

function ambiguous(key: Key, matches: readonly Match[], { noun, identifier, plan }: RecordIntent): RecordLine {
  const advice = plan.added === 'upsert' || plan.added === 'update' ? ' Or let all of them have it, with matches: all.' : ''
  return reject('ambiguous', ambiguousWords(noun, identifier, key, matches) + advice)
}

function reject(code: RejectionCode, message: string): RecordLine {
  return { ...blank, kind: 'reject', code, message }
}
