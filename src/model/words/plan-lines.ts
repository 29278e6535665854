import type { Nouns } from '../noun.ts'
import type { PlannedKind, Reason } from '../operation.ts'
import { amount } from './amounts.ts'
import { nameGroups } from './group-names.ts'

/** What the words of a plan need to know of its Activation. */
export interface PlanAbout {
  readonly nouns: Nouns
  /** How many groups it names; 0: the rows name them. */
  readonly groups: number
  /** Its lines remove links: what is `in-place` is not attached. */
  readonly takesOff: boolean
}

/** An operation as a verb: `attach`, `create or update`, `unarchive`; of a line that is not sent, what becomes of it. */
const verbs: Readonly<Record<PlannedKind, string>> = {
  create: 'create',
  update: 'update',
  upsert: 'create or update',
  delete: 'delete permanently',
  archive: 'archive',
  restore: 'unarchive',
  attach: 'attach',
  detach: 'detach',
  skip: 'skip',
  reject: 'not sent',
  wait: 'on hold',
}

export function operationWord(kind: string): string {
  return kind in verbs ? verbs[kind as PlannedKind] : kind
}

interface ReasonWords {
  /** Beside a Record: `new in the query`. */
  readonly short: string
  /** After the Records: `is new in the query`. */
  readonly one: string
  readonly many: string
}

const reasons: Readonly<Record<Exclude<Reason, 'undo'> | 'invalid', ReasonWords>> = {
  new: { short: 'new in the query', one: 'is new in the query', many: 'are new in the query' },
  changed: { short: 'changed in the query', one: 'has a changed row', many: 'have changed rows' },
  left: {
    short: 'no longer asked for by the query',
    one: 'is no longer asked for by the query',
    many: 'are no longer asked for by the query',
  },
  unconfirmed: {
    short: 'sent before without a clear answer',
    one: 'was sent before without a clear answer',
    many: 'were sent before without a clear answer',
  },
  retry: {
    short: 'not loaded before, now retried',
    one: 'was not loaded before',
    many: 'were not loaded before',
  },
  invalid: {
    short: 'its row cannot become a record',
    one: 'has a row that cannot become a record',
    many: 'have rows that cannot become records',
  },
}

/** Why a Record is in a Plan, beside it. An unknown reason is shown as it is. */
export function reasonWord(reason: string): string {
  if (reason === 'undo') return 'undoes a Run'
  return reason in reasons ? reasons[reason as keyof typeof reasons].short : reason
}

/** Why nothing is asked of the Target for a line, beside its Record. An unknown code is shown as it is. */
export function skipWord(code: string, { nouns: { group }, groups, takesOff }: PlanAbout): string {
  const named = nameGroups(group, groups)
  switch (code) {
    case 'in-place':
      if (group === null) return 'already as the query asks'
      return `the ${named} ${groups === 1 ? 'is' : 'are'} ${takesOff ? 'not attached' : 'attached already'}`
    case 'external':
      return 'external: a person added it'
    case 'wanted-elsewhere':
      return 'another record or Activation still needs it'
    case 'nothing-to-do':
      return 'nothing to change in the Target'
    case 'later-run':
      return 'a later Run has changed it since'
    case 'confirmed':
      return 'the Target confirmed what was unconfirmed'
    case 'state-unknown':
      return 'its previous state is unknown'
    case 'cannot-restore':
      return 'it was deleted permanently'
    default:
      return code
  }
}

/** Lines of a Plan with the same operation for the same reason. */
export interface PlannedGroup {
  readonly operation: string
  readonly reason: string
  /** Why the lines are skipped, or cannot be delivered. */
  readonly code: string | null
  /** The meaning of a code from the catalogue. */
  readonly title: string | null
  /** Records, as people count them. */
  readonly lines: number
}

/** `Attach the tag to 12 contacts, which are new in the query`. `undoes`: of an undo, the undone Run. */
export function groupSentence(group: PlannedGroup, about: PlanAbout, undoes: number | null): string {
  const what = whatWords(group, about)
  if (group.title !== null) return `${what}: ${group.title.charAt(0).toLowerCase()}${group.title.slice(1)}`
  if (group.code !== null) return `${what}: ${skipWord(group.code, about)}`
  return group.reason === 'undo'
    ? `${what}, which undoes Run ${undoes}`
    : `${what}, which ${group.lines === 1 ? reasonOf(group.reason).one : reasonOf(group.reason).many}`
}

function whatWords({ operation, lines }: PlannedGroup, { nouns: { record, group }, groups }: PlanAbout): string {
  const records = amount(lines, record)
  switch (operation) {
    case 'attach':
      return `Attach the ${nameGroups(group, groups)} to ${records}`
    case 'detach':
      return `Detach the ${nameGroups(group, groups)} from ${records}`
    case 'reject':
      return `${records} cannot be loaded`
    case 'wait':
      return `${records} on hold until a later Run`
    default: {
      const verb = operationWord(operation)
      return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${records}`
    }
  }
}

function reasonOf(reason: string): ReasonWords {
  return reason in reasons
    ? reasons[reason as keyof typeof reasons]
    : { short: reason, one: `is there because of “${reason}”`, many: `are there because of “${reason}”` }
}
