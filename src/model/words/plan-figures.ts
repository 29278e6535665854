import { count, duration, plural } from '../figures.ts'
import type { Counts } from '../run.ts'
import { amount, listed } from './amounts.ts'
import { nameGroups } from './group-names.ts'
import type { PlanAbout } from './plan-lines.ts'

/** Lines of a Plan by operation, in Records. From `inPlace` on, they ask nothing of the Target. */
export interface PlanFigures {
  readonly adds: number
  readonly removes: number
  readonly creates: number
  readonly upserts: number
  readonly updates: number
  readonly deletes: number
  readonly archives: number
  readonly inPlace: number
  readonly leftAlone: number
  readonly elsewhere: number
  readonly nothingToDo: number
  readonly notLoaded: number
  readonly onHold: number
}

/** One figure of a Plan: `Would be created`, 120. */
export interface PlanFigure {
  readonly key: keyof PlanFigures
  readonly label: string
  readonly value: number
  readonly meaning: string
  /** It cannot be undone. */
  readonly isFinal?: true
}

/** The figures of a Plan that are not zero. `upsertsCreate`: the Target's index shows none of the upserted records. */
export function planFigures(lines: PlanFigures, about: PlanAbout): readonly PlanFigure[] {
  const {
    nouns: { record, group },
    groups,
    takesOff,
  } = about
  const named = nameGroups(group, groups)
  const isLinks = group !== null
  const all: readonly Omit<PlanFigure, 'value'>[] = [
    { key: 'adds', label: 'To attach', meaning: `The ${named} would be attached to these ${record.many}.` },
    { key: 'removes', label: 'To detach', meaning: `The ${named} would be detached from these ${record.many}.` },
    { key: 'creates', label: 'To create', meaning: `The Target does not have these ${record.many} yet.` },
    {
      key: 'upserts',
      label: 'To create or update',
      meaning: `The Target creates a ${record.one}, or updates it if it has one with the identifier.`,
    },
    { key: 'updates', label: 'To update', meaning: `Values of these ${record.many} would change.` },
    { key: 'archives', label: 'To archive', meaning: `These ${record.many} would be archived.` },
    { key: 'deletes', label: 'To delete', meaning: 'This cannot be undone.', isFinal: true },
    isLinks && takesOff
      ? {
          key: 'inPlace',
          label: `Without the ${named}`,
          meaning: `Nothing is sent: the ${named} ${be(groups)} not attached.`,
        }
      : {
          key: 'inPlace',
          label: 'Already in place',
          meaning: isLinks
            ? `Nothing is sent: the ${named} ${be(groups)} attached already.`
            : `Nothing is sent: these ${record.many} already hold the values.`,
        },
    { key: 'nothingToDo', label: 'No change', meaning: 'Nothing has to change in the Target.' },
    { key: 'leftAlone', label: 'Skipped', meaning: 'External: a person added them.' },
    { key: 'elsewhere', label: 'Still needed', meaning: 'Another record or Activation still needs them.' },
    { key: 'notLoaded', label: 'Cannot be loaded', meaning: 'The plan shows why; nothing is sent for them.' },
    { key: 'onHold', label: 'On hold', meaning: 'Not sent now; a later Run tries again.' },
  ]
  return all.flatMap((figure) => (lines[figure.key] > 0 ? [{ ...figure, value: lines[figure.key] }] : []))
}

function be(groups: number): string {
  return groups === 1 ? 'is' : 'are'
}

/** Number of lines that write. */
export function plannedWrites({ adds, removes, creates, upserts, updates, deletes, archives }: PlanFigures): number {
  return adds + removes + creates + upserts + updates + deletes + archives
}

/** Why a Plan without writes has none. */
export function nothingToSend(
  lines: PlanFigures,
  { read, invalid }: Pick<Counts, 'read' | 'invalid'>,
  { nouns: { record } }: PlanAbout,
): string {
  const { inPlace, leftAlone, elsewhere, nothingToDo, notLoaded, onHold } = lines
  if (notLoaded + onHold > 0)
    return listed([
      notLoaded > 0 && `${amount(notLoaded, record)} cannot be loaded`,
      onHold > 0 && `${amount(onHold, record)} on hold until a later Run`,
    ])
  if (leftAlone + elsewhere > 0) return `${amount(leftAlone + elsewhere, record)} left as they are`
  if (read === 0) return 'the query returned no rows'
  if (read === invalid) return 'every row is invalid'
  return inPlace + nothingToDo > 0 ? 'nothing has to change in the Target' : 'no row differs from the last Run'
}

/** `12 write calls: within one rate-limit window`. `ms`: undefined while the account's limit is unknown. */
export function costWords(calls: number, ms: number | undefined): string {
  const words = plural(calls, 'write call')
  if (ms === undefined) return `${words}; the account's rate limit is not known yet`
  return ms <= 0
    ? `${words}: within one rate-limit window`
    : `${words}: at least ${duration(ms)} at the account's rate limit`
}

/** What a Run planned, above its plan. `isBlocked`: it ended before its first write. */
export function plannedSentence(writes: number, estimated: number | null, isBlocked: boolean): string {
  const calls = estimated === null || writes === 0 ? '' : `, in about ${plural(estimated, 'write call')}`
  if (isBlocked) return `The Run would have made ${plural(writes, 'write')}${calls}.`
  return writes === 0 ? 'The Run had nothing to write.' : `The Run planned ${plural(writes, 'write')}${calls}.`
}

/** `95 write calls were made.` Empty if none was. */
export function madeSentence(made: number): string {
  return made === 0 ? '' : `${count(made)} write ${made === 1 ? 'call was' : 'calls were'} made.`
}
