import { decide, unseen, type Current, type Intent, type LinkDifference } from '../../../rules/decide.ts'
import { noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import type { RunContext } from '../../run-context.ts'

/**
 * The Plan's line for one link: to add it, to remove it, or why nothing is asked. `desiredBy`: the other Activation, or
 * this one for another Record, that desires it.
 */
export type LinkLine = (
  difference: LinkDifference,
  current: Current | undefined,
  desiredBy: string | undefined,
) => NewOperation

export function openLinkLine({ activation: { object, ownership, name } }: RunContext, intent: Intent): LinkLine {
  // If the index leaves target records out, the Target's answers do not report the previous state either.
  const answersSay = object.listing?.leavesOut === undefined

  const surelyAbsent = ({ group, sent, managed }: LinkDifference, current: Current): boolean =>
    // Unconfirmed: only a link that surely did not exist when it was sent may count as managed.
    sent !== null
      ? managed
      : group.startsWith('name:') ||
        (current.unknown?.has(group) !== true && (object.group?.untold !== true || current.isDirect === true))
  const surelyThere = ({ group }: LinkDifference, { held, surely, unknown }: Current): boolean =>
    answersSay ||
    !intent.takesOff ||
    (held !== undefined && unknown?.has(group) !== true) ||
    (held ?? surely)?.has(group) === true

  return (difference, current = unseen, desiredBy) => {
    const { key, group, reason, sent } = difference
    const line = { key, group, reason, sent, desired: null, note: null } as const
    const missing = reason === 'left' ? undefined : object.group?.missing?.(group)
    if (missing !== undefined)
      return { ...line, kind: 'reject', details: { ...noDetails, code: 'not-found', message: missing } }
    const decision = decide(difference, current, intent, ownership, desiredBy !== undefined)
    switch (decision) {
      case 'attach':
        return { ...line, kind: 'attach', certain: surelyAbsent(difference, current) }
      case 'detach':
        return { ...line, kind: 'detach', certain: surelyThere(difference, current) }
      case 'wanted-elsewhere': {
        const words = desiredBy === name ? 'another record of this activation' : `the activation "${desiredBy}"`
        return {
          ...line,
          kind: 'skip',
          note: decision,
          details: { ...noDetails, message: `It is not removed while ${words} requests it. Each Run checks again.` },
        }
      }
      default:
        return { ...line, kind: 'skip', note: decision }
    }
  }
}
