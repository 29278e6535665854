import type { Effects } from '../../../store/ledger/effects.ts'
import { count } from '../../../model/figures.ts'

/** `120 created`, `37 updated`: what became of things as a whole; nothing of what did not happen. */
export function effectWords({ created, updated, archived, deleted, restored }: Effects): string[] {
  const figures: readonly (readonly [string, number])[] = [['created', created], ['updated', updated], ['archived', archived], ['deleted', deleted], ['brought back', restored]]
  return figures.filter(([, n]) => n > 0).map(([what, n]) => `${count(n)} ${what}`)
}
