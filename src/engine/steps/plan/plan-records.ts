import type { Fields } from '../../../model/field.ts'
import type { Operation } from '../../../model/operation.ts'
import { decideRecord, type RecordIntent, type RecordLine } from '../../../rules/decide-record.ts'
import { carriedOver, fingerprintsOf, wasAsked } from '../../../rules/fingerprints.ts'
import type { StagedDifference } from '../../../bookkeeping/differences.ts'
import { noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import { identityOfKey } from '../../lookup/addresses.ts'
import { nothingFound, type FindTargetRecords } from '../../lookup/find-target-records.ts'
import type { RunContext } from '../../run-context.ts'
import type { LineMaker } from './planner.ts'
import { identitiesOf } from '../../delivery/send-slice.ts'

export interface RecordsToPlan {
  readonly find: () => Promise<FindTargetRecords>
  /**
   * Native upsert: skip the lookup for Records that were never delivered. Known Records are still looked up. Otherwise
   * a deleted target record would be recreated with only its changed fields, and previous values would be unknown.
   */
  readonly upsertsItself: boolean
  readonly onlyIfEmpty: ReadonlySet<string>
}

/** Difference, behavior and lookup give the lines of the Plan, for Records with values. */
export function openRecordLines(context: RunContext, { find, upsertsItself, onlyIfEmpty }: RecordsToPlan): LineMaker {
  const {
    activation,
    activation: { behavior, object, ownership, identifier, matches = 'one', changedRows = 'mark' },
  } = context
  const intent: RecordIntent = {
    plan: behavior.plan,
    ownership,
    matches,
    changedRows,
    onlyIfEmpty,
    noun: object.noun,
    identifier: identifier.field,
  }

  const linesOf = (staged: StagedDifference, lines: readonly RecordLine[], desired: Fields): NewOperation[] => {
    const { key, reason, sent, identities, fingerprints: was, targetId: wasOn } = staged
    // A Field that is set only if empty may hold an external value, so it gets no fingerprint.
    const managed = Object.entries(desired).filter(([field]) => !onlyIfEmpty.has(field))
    const fingerprints = fingerprintsOf(Object.fromEntries(managed))
    // A Field that is not sent again keeps its settled fingerprint, in the form in which the Target stores it.
    const fingerprintsFor = ({ targetId, set }: RecordLine): string => {
      const isSame = targetId !== null && (wasOn === null ? matches === 'all' : wasOn === targetId)
      if (was === null || !isSame) return fingerprints
      return carriedOver(
        fingerprints,
        was,
        managed
          .filter(([field, value]) => !(set !== null && field in set) && wasAsked(was, field, value) === true)
          .map(([field]) => field),
      )
    }
    return lines.map((line): NewOperation => ({
      key,
      group: '',
      kind: line.kind,
      reason,
      managed: line.managed,
      note: line.note,
      desired: staged.desired,
      parts: lines.length,
      sent,
      details: {
        ...noDetails,
        targetId: line.targetId,
        identities,
        code: line.code,
        message: line.message,
        // If a changed row is ignored, the target record is unchanged, so its fingerprints stay.
        fingerprints: line.note === 'nothing-to-do' ? null : fingerprintsFor(line),
        asks:
          line.set === null
            ? null
            : JSON.stringify(isCreation(line) ? { ...otherNames(staged), ...line.set } : line.set),
        before: line.before === null ? null : JSON.stringify(line.before),
      },
    }))
  }

  /**
   * A creation that may have succeeded waits until the Target's index must show it: a second try could create a
   * duplicate, or hide who created the record. A Record that was removed from the query meanwhile waits as well.
   */
  const postpone = (staged: StagedDifference, line: NewOperation, isFound: boolean): NewOperation => {
    const { sent, managed, reason } = staged
    if (isFound || sent === null || managed !== 'unconfirmed' || context.ports.now() - sent.to > object.indexLagMs)
      return line
    const isNew = line.kind === 'create' || line.kind === 'upsert'
    if (
      reason !== 'left' &&
      !(
        isNew &&
        (behavior.plan.removed !== null || object.createsTwice?.(asOperation(staged, line, identifier.field)) === true)
      )
    )
      return line
    return {
      ...line,
      kind: 'wait',
      note: null,
      details: {
        ...noDetails,
        ...line.details,
        code: 'may-exist',
        message:
          'It may already have been created. The search of the Target shows new records after some minutes. A later Run searches again.',
      },
    }
  }

  return {
    async linesOf(page) {
      const sought = page
        .filter(({ fingerprints }) => !upsertsItself || fingerprints !== null)
        .map(({ key, targetId, reason, identities, sent }) => ({
          key,
          targetId,
          unconfirmed: sent !== null,
          identities:
            reason === 'left' || identities === null
              ? [identityOfKey(activation, key)]
              : identitiesOf({ key, identities }, identifier.field),
        }))
      const isSought = new Set(sought.map(({ key }) => key))
      const targetRecords = sought.length === 0 ? undefined : await (await find()).find(sought)
      return page.map((staged) => {
        const { key, managed, sent, fingerprints, targetId: wasOn } = staged
        const desired = staged.desired === null || staged.desired === '' ? {} : (JSON.parse(staged.desired) as Fields)
        const reason = reasonFor(staged, behavior.plan.changed === 'mark')
        const found = isSought.has(key) ? (targetRecords?.get(key) ?? nothingFound) : undefined
        const decided = decideRecord(
          { key, reason, desired, was: fingerprints ?? undefined, wasOn, createdByUs: managed, sent },
          found,
          intent,
        )
        const isFound = found !== undefined && found.matches.length > 0
        return linesOf({ ...staged, reason }, decided, desired).map((line) => postpone(staged, line, isFound))
      })
    },
  }
}

function isCreation({ kind, targetId }: RecordLine): boolean {
  return (kind === 'create' || kind === 'upsert') && targetId === null
}

/** Further identifiers of a new target record. They are set as well, so the Plan shows them. */
function otherNames({ key, identities }: StagedDifference): Fields {
  const all = identities === null ? [] : (JSON.parse(identities) as [string, string][])
  return Object.fromEntries(all.filter(([field, value]) => field !== 'id' && value !== key))
}

/** A record that was never delivered counts as new. A retried Record of an insert-only behavior counts as changed. */
function reasonFor({ reason, fingerprints }: StagedDifference, marksChanges: boolean): StagedDifference['reason'] {
  if (reason === 'changed' && fingerprints === null) return 'new'
  return reason === 'retry' && fingerprints !== null && marksChanges ? 'changed' : reason
}

function asOperation({ key, identities }: StagedDifference, { kind, details }: NewOperation, field: string): Operation {
  const asks = details?.asks ?? null
  const named = identitiesOf({ key, identities }, field)
  return {
    key,
    kind: kind === 'create' ? 'create' : 'upsert',
    identity: named[0] ?? { field, value: key },
    group: '',
    identities: named,
    ...(asks !== null && { fields: JSON.parse(asks) as Fields }),
  }
}
