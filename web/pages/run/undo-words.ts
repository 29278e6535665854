import { count } from '../../lib/format.ts'

/** The figures of an undo plan, by importance. The first five are writes. */
const words: readonly (readonly [key: string, label: string])[] = [
  ['removes', 'To remove'],
  ['adds', 'To add again'],
  ['updates', 'Values to restore'],
  ['discards', 'Created records to remove'],
  ['restores', 'To unarchive'],
  ['nothingToDo', 'Already as before, or gone'],
  ['external', 'Skipped: changed by a person since'],
  ['elsewhere', 'Skipped: still needed by another record or Activation'],
  ['later', 'Skipped: changed by a later Run since'],
  ['untold', 'Skipped: the previous state or the creator is unknown'],
  ['forGood', 'Deleted permanently: cannot be restored'],
]
const writing = new Set(words.slice(0, 5).map(([key]) => key))

export function undoWrites(figures: Readonly<Record<string, number>>): number {
  return Object.entries(figures).reduce((sum, [key, n]) => (writing.has(key) ? sum + n : sum), 0)
}

/** The figures that are not zero. */
export function undoFigures(
  figures: Readonly<Record<string, number>>,
): readonly { readonly label: string; readonly value: string }[] {
  return words.flatMap(([key, label]) => ((figures[key] ?? 0) > 0 ? [{ label, value: count(figures[key] ?? 0) }] : []))
}
