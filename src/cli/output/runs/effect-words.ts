import type { Effects } from '../../../store/ledger/effects.ts'
import { count } from '../../../model/figures.ts'

/** Effects on whole records, without zeros: `120 created`, `37 updated`. */
export function effectWords({ created, updated, archived, deleted, restored }: Effects): string[] {
  const figures: readonly (readonly [string, number])[] = [
    ['created', created],
    ['updated', updated],
    ['archived', archived],
    ['deleted', deleted],
    ['unarchived', restored],
  ]
  return figures.filter(([, n]) => n > 0).map(([what, n]) => `${count(n)} ${what}`)
}
