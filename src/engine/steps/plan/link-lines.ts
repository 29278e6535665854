import type { RejectionCode } from '../../../model/outcome.ts'
import { decide, unseen, type Difference, type Intent, type Current } from '../../../rules/decide.ts'
import type { StagedDifference } from '../../../bookkeeping/compare-stage.ts'
import { noDetails, type NewOperation, type OperationDetails } from '../../../store/plans/operations.ts'
import type { RunContext } from '../../run-context.ts'

/**
 * The Plan's lines for one Record: links to add, links to remove, or why nothing is asked. `desiredElsewhere`: by
 * group, the Activation that desires it.
 */
export type LinkLines = (difference: Difference, staged: StagedDifference, current: Current | undefined, desiredElsewhere: ReadonlyMap<string, string> | undefined) => NewOperation[]

/** `pending`: groups that do not exist yet, so no target record is in them. */
export function openLinkLines({ activation: { object, ownership, name } }: RunContext, intent: Intent, pending: readonly string[]): LinkLines {
  // If the index leaves target records out, the Target's answers do not report the previous state either.
  const answersSay = object.listing?.leavesOut === undefined
  const isNew = (group: string) => pending.includes(group)

  /** Of the links to add, those that surely did not exist. Null if that is all of them. */
  const surelyAbsent = (add: readonly string[], { sent, managed }: Difference, current: Current): readonly string[] | null => {
    // Unconfirmed: only links that surely did not exist when they were sent may count as managed.
    const isSure = (group: string): boolean => sent !== null ? managed.includes(group)
      : isNew(group) || (current.unknown?.has(group) !== true && (object.group?.untold !== true || current.isDirect === true))
    return add.every(isSure) ? null : add.filter(isSure)
  }
  const surelyThere = (remove: readonly string[], { held, surely, unknown }: Current): readonly string[] | null => {
    if (answersSay || !intent.takesOff || (held !== undefined && !remove.some((group) => unknown?.has(group)))) return null
    return remove.filter((group) => (held ?? surely)?.has(group))
  }

  return (difference, { desired }, current = unseen, desiredElsewhere = new Map()) => {
    const { key, reason, sent } = difference
    const { add, remove, inPlace, leftAlone, desiredElsewhere: keepsForOthers } = decide(difference, current, intent, ownership, new Set(desiredElsewhere.keys()))
    const missing = add.filter((group) => object.group?.missing?.(group) !== undefined)
    const desiredGroups = desired === null ? null : difference.desired.filter((group) => !missing.includes(group))
    const common = { key, reason, desired, desiredGroups, sent, note: null, certain: null, keepsForOthers: keepsForOthers.length > 0 }
    const there = add.filter((group) => !missing.includes(group))
    const asked: readonly Omit<NewOperation, 'parts'>[] = [
      { ...common, kind: 'attach' as const, groups: there, certain: surelyAbsent(there, difference, current) },
      { ...common, kind: 'detach' as const, groups: remove, certain: surelyThere(remove, current) },
      { ...common, kind: 'skip' as const, groups: keepsForOthers, note: 'wanted-elsewhere' as const, details: waiting(keepsForOthers, desiredElsewhere, name) },
      ...missing.map((group) => ({
        ...common, kind: 'reject' as const, groups: [group],
        details: { ...noDetails, code: 'not-found' as RejectionCode, message: object.group?.missing?.(group) ?? null },
      })),
    ]
    // A managed link that is not desired any more, and that this read does not show, was removed by somebody else: from now on it is not managed.
    const gone = intent.removesWhatLeft && current.isDirect === true && reason !== 'unconfirmed'
      ? difference.managed.filter((group) => !difference.desired.includes(group) && current.held?.has(group) === false && current.unknown?.has(group) !== true) : []
    const lines = asked.filter(({ groups }) => groups.length > 0)
    // Under `adopt`, links already in place become managed, even if the Record also has links to add or remove.
    if (ownership === 'adopt' && !intent.takesOff && lines.some(({ kind }) => kind === 'attach' || kind === 'detach') && inPlace.length > 0) lines.push({ ...common, kind: 'skip', groups: inPlace, note: 'in-place' })
    if (lines.every(({ note, kind }) => kind === 'skip' && note === 'wanted-elsewhere')) {
      const note = leftAlone.length > 0 ? 'external' : inPlace.length > 0 ? 'in-place' : 'nothing-to-do'
      const groups = leftAlone.length > 0 ? leftAlone : inPlace
      if (groups.length > 0 || lines.length + gone.length === 0) lines.push({ ...common, kind: 'skip', groups, note })
    }
    if (gone.length > 0) lines.push({ ...common, kind: 'skip', groups: gone, note: 'nothing-to-do' })
    return lines.map((line) => ({ ...line, parts: lines.length }))
  }
}

function waiting(keepsForOthers: readonly string[], desiredElsewhere: ReadonlyMap<string, string>, own: string): OperationDetails {
  const others = [...new Set(keepsForOthers.map((group) => desiredElsewhere.get(group) ?? ''))]
  const words = others.map((other) => other === own ? 'another record of this activation' : `the activation "${other}"`).join(' and ')
  return { ...noDetails, message: `It is not removed while ${words} ${others.length === 1 ? 'requests' : 'request'} it. Each Run checks again.` }
}
