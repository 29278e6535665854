import type { Fields } from '../../../model/field.ts'
import type { PlannedKind, Reason } from '../../../model/operation.ts'
import type { PlannedOperation } from '../../../store/plans/operations.ts'
import type { Colors } from '../../../server/process/terminal.ts'
import { changesWords, fieldsWords } from '../value-words.ts'

/** Marks for the effect on the target record: created, changed, created or changed, removed. */
const marks: Readonly<Partial<Record<PlannedKind, string>>> = {
  create: '+',
  restore: '+',
  update: '~',
  upsert: '+~',
  delete: '−',
  archive: '−',
}

/** The Record, with the mark of its operation; for links the group has it. `upsertsCreate`: as in a PlanReport. */
export function recordCell(record: string, kind: PlannedKind, upsertsCreate: boolean): string {
  const mark = marks[kind === 'upsert' && upsertsCreate ? 'create' : kind]
  return mark === undefined ? record : `${mark} ${record}`
}

/** The operation in words, with group names. Shows the target id unless it is the Record's name. */
export function askedWords(
  { key, kind, group, parts, targetId, asks, before }: PlannedOperation,
  nameOf: (group: string) => string,
  upsertsCreate: boolean,
  colors: Colors,
): string {
  const { green, red, yellow, dim } = colors
  const id =
    targetId === null || targetId === key
      ? ''
      : dim(` (id ${targetId}${kind === 'update' && parts > 1 ? `, one of ${parts}` : ''})`)
  const fields = asks === null ? {} : (JSON.parse(asks) as Fields)
  const was = before === null ? null : (JSON.parse(before) as Fields)
  const hasFields = Object.keys(fields).length > 0
  switch (kind === 'upsert' && upsertsCreate ? 'create' : kind) {
    case 'attach':
      return green(`+ ${nameOf(group)}`) + id
    case 'detach':
      return red(`− ${nameOf(group)}`) + id
    case 'create':
      return green(hasFields ? fieldsWords(fields) : 'with only its identifier')
    case 'update':
      return yellow(changesWords(fields, was)) + id
    case 'upsert':
      return yellow(hasFields ? changesWords(fields, was) : 'with only its identifier') + id
    case 'delete':
      return red('delete permanently') + id
    case 'archive':
      return red('archive') + id
    case 'restore':
      return green('unarchive') + id
    default:
      return kind
  }
}

const whys: Readonly<Record<Reason, string>> = {
  new: 'new in the query',
  changed: 'changed in the query',
  left: 'no longer in the query',
  undo: 'undoes a Run',
  unconfirmed: 'unconfirmed: read first, then sent if it is missing',
  retry: 'not loaded before, now retried',
}

export function whyWords({ reason }: Pick<PlannedOperation, 'reason'>): string {
  return whys[reason]
}
