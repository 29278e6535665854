import type { Fields } from '../model/field.ts'
import type { PlannedKind, Reason } from '../model/operation.ts'
import type { PlannedOperation } from '../store/operations.ts'
import type { Colors } from './terminal.ts'
import { changesWords, fieldsWords } from './value-words.ts'

/** One line of a Plan as scripts get it: members by name. `note`: why a `keep` keeps. What a line does not have is left out. */
export interface ShownLine {
  readonly record: string
  readonly operation: PlannedKind
  readonly members: readonly string[]
  readonly reason: Reason
  readonly note: PlannedOperation['note']
  /** The thing's own id. */
  readonly targetId?: string
  /** Of several things that the identifier names, this is one: so many there are. */
  readonly matches?: number
  /** The values to set, and what these Fields held before, where that is known. */
  readonly fields?: Fields
  readonly before?: Fields
  /** Why it cannot be delivered, or not now. */
  readonly code?: string
  readonly message?: string
}

export function shownLine({ key, kind, reason, members, note, parts, targetId, asks, before, code, message }: PlannedOperation, nameOf: (member: string) => string): ShownLine {
  return {
    record: key, operation: kind, members: kind === 'add' || kind === 'remove' || kind === 'keep' ? members.map(nameOf) : [], reason, note,
    ...targetId !== null && { targetId }, ...kind === 'update' && parts > 1 && { matches: parts }, ...asks !== null && { fields: JSON.parse(asks) as Fields }, ...before !== null && { before: JSON.parse(before) as Fields },
    ...code !== null && { code }, ...message !== null && { message },
  }
}

/** What is done to the thing: brought into being, changed, either, or taken away. */
const marks: Readonly<Partial<Record<PlannedKind, string>>> = { create: '+', restore: '+', update: '~', upsert: '+~', delete: '−', archive: '−' }

/** The Record, behind the mark of what is done to it; memberships carry their mark before the member. `upsertsCreate`: as in a PlanReport. */
export function recordCell({ operation, record }: ShownLine, upsertsCreate: boolean): string {
  const mark = marks[operation === 'upsert' && upsertsCreate ? 'create' : operation]
  return mark === undefined ? record : `${mark} ${record}`
}

/** What is asked of the Target, for people. `id` is told where it is not the Record's name already. */
export function askedWords({ record, operation, members, targetId, matches, fields = {}, before }: ShownLine, upsertsCreate: boolean, colors: Colors): string {
  const { green, red, yellow, dim } = colors
  const id = targetId === undefined || targetId === record ? '' : dim(` (id ${targetId}${matches === undefined ? '' : `, one of ${matches}`})`)
  const hasFields = Object.keys(fields).length > 0
  switch (operation === 'upsert' && upsertsCreate ? 'create' : operation) {
    case 'add': return green(`+ ${members.join(', ')}`) + id
    case 'remove': return red(`− ${members.join(', ')}`) + id
    case 'create': return green(hasFields ? fieldsWords(fields) : 'with its identifier alone')
    case 'update': return yellow(changesWords(fields, before ?? null)) + id
    case 'upsert': return yellow(hasFields ? changesWords(fields, before ?? null) : 'with its identifier alone') + id
    case 'delete': return red('delete, for good') + id
    case 'archive': return red('archive') + id
    case 'restore': return green('back from the archive') + id
    default: return operation
  }
}

const whys: Readonly<Record<Reason, string>> = {
  new: 'new in the query',
  changed: 'changed in the query',
  left: 'left the query',
  undo: 'takes back what a Run did',
  'in-doubt': 'in doubt: read first, then sent if it is missing',
  retry: 'refused before, and due again',
}

export function whyWords({ operation, reason }: ShownLine): string {
  if (reason === 'changed' && (operation === 'add' || operation === 'remove')) return 'asks for other tags than before'
  return whys[reason]
}
