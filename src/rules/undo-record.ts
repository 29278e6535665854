import { isEmpty, type Fields } from '../model/field.ts'
import type { RecordChange } from '../model/change.ts'

/** How to undo what a Run did to one target record. */
export interface RecordInverse {
  /** The Operation; null: none. `restore` restores an archived target record. */
  readonly kind: 'update' | 'archive' | 'delete' | 'restore' | null
  readonly set: Fields | null
  /**
   * The values it changes from. For a removal or a restore: the values that show that the target record was not
   * touched.
   */
  readonly before: Fields | null
  /**
   * Why all or a part of it stays: nothing left to undo; Fields that a person changed since, or a later Run; earlier
   * values unknown; deleted permanently.
   */
  readonly note: 'nothing-to-do' | 'external' | 'later-run' | 'state-unknown' | 'cannot-restore' | null
}

const nothing = { kind: null, set: null, before: null } as const

/**
 * The inverse of a change, for what is still as the Run left it. `now`: Fields of the target record; null: it is gone
 * (or archived, which reads the same). `removesBy`: how to remove a target record that the Run created.
 */
export function invertRecord(change: RecordChange, now: Fields | null, removesBy: 'archive' | 'delete'): RecordInverse {
  const { kind, before, after, created, later } = change
  if (kind === 'delete') return { ...nothing, note: 'cannot-restore' }
  if (kind === 'archive') {
    if (later.length > 0 || change.laterRun !== null) return { ...nothing, note: 'later-run' }
    return now === null ? { kind: 'restore', set: null, before, note: null } : { ...nothing, note: 'nothing-to-do' }
  }
  if (now === null) return { ...nothing, note: 'nothing-to-do' }
  if (kind === 'restore') {
    if (change.laterRun !== null) return { ...nothing, note: 'later-run' }
    const isUntouched = before === null || Object.keys(before).every((field) => same(now[field], before[field]))
    return isUntouched ? { kind: 'archive', set: null, before, note: null } : { ...nothing, note: 'external' }
  }
  const stands = Object.keys(after).filter((field) => same(now[field], after[field]))
  if (created) {
    if (change.laterRun !== null) return { ...nothing, note: 'later-run' }
    return stands.length === Object.keys(after).length
      ? { kind: removesBy, set: null, before: pick(now, stands), note: null }
      : { ...nothing, note: 'external' }
  }
  if (before === null) return { ...nothing, note: 'state-unknown' }
  const back = stands.filter((field) => !later.includes(field) && !same(now[field], before[field]))
  if (back.length > 0) return { kind: 'update', set: pick(before, back), before: pick(now, back), note: null }
  if (stands.some((field) => later.includes(field))) return { ...nothing, note: 'later-run' }
  const isBack = Object.keys(after).every((field) => same(now[field], before[field]))
  return { ...nothing, note: isBack ? 'nothing-to-do' : 'external' }
}

function same(one: Fields[string] | undefined, other: Fields[string] | undefined): boolean {
  return one === other || (isEmpty(one) && isEmpty(other))
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? null]))
}
