import { count } from '../../lib/format.ts'

/** The figures of an undo plan, by importance. The first five are writes. */
const words: readonly (readonly [key: string, label: string])[] = [
  ['removes', 'Taken off again'], ['adds', 'Put back on'], ['updates', 'Values put back'], ['discards', 'Created records removed again'], ['restores', 'Brought back from the archive'],
  ['nothingToDo', 'As before already, or gone'], ['external', 'Left alone: changed by a person since'], ['elsewhere', 'Left alone: still wanted by another Activation'], ['later', 'Left alone: changed by a later Run since'],
  ['untold', 'Left alone: nothing told what was there before, or who created it'], ['forGood', 'Deleted for good: cannot be brought back'],
]
const writing = new Set(words.slice(0, 5).map(([key]) => key))

export function undoWrites(figures: Readonly<Record<string, number>>): number {
  return Object.entries(figures).reduce((sum, [key, n]) => writing.has(key) ? sum + n : sum, 0)
}

/** The figures that are not zero. */
export function undoFigures(figures: Readonly<Record<string, number>>): readonly { readonly label: string; readonly value: string }[] {
  return words.flatMap(([key, label]) => (figures[key] ?? 0) > 0 ? [{ label, value: count(figures[key] ?? 0) }] : [])
}
