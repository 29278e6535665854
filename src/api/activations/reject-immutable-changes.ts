import { isDeepStrictEqual } from 'node:util'
import { DraftFault, type DraftProblem } from '../project/draft-fault.ts'
import type { Body } from '../project/saved-body.ts'

const toChange = 'To change it, clone the Activation under a new name. The clone starts with its own empty state.'

/** The changes of immutable settings in an edit. `immutable`: the reason for each config key. */
export function immutableChanges(
  before: Body,
  after: Body,
  immutable: Readonly<Record<string, string>>,
): readonly DraftProblem[] {
  return Object.entries(immutable)
    .filter(([key]) => !isDeepStrictEqual(meaning(key, before[key]), meaning(key, after[key])))
    .map(([key, why]): DraftProblem => ({
      pointer: `/config/${key}`,
      detail: `cannot change after the first Run. ${why} ${toChange}`,
      code: 'activation-frozen',
    }))
}

/** Throws a DraftFault if an immutable setting changes. */
export function rejectImmutableChanges(before: Body, after: Body, immutable: Readonly<Record<string, string>>): void {
  const errors = immutableChanges(before, after, immutable)
  if (errors.length === 0) return
  throw new DraftFault(errors, {
    code: 'activation-frozen',
    message: `These settings cannot change after the first Run: ${errors.map(({ pointer }) => pointer.split('/').at(-1)).join(', ')}.`,
    advice: 'Clone the Activation under a new name, with these changes.',
  })
}

/** The part of a value that must not change. For identifiers: the Target Fields in order; columns may be renamed. */
function meaning(key: string, value: unknown): unknown {
  if (key === 'identifier')
    return [value]
      .flat()
      .map((each) => (typeof each === 'object' && each !== null ? ((each as { field?: unknown }).field ?? null) : each))
  return Array.isArray(value)
    ? value.map((each) => (typeof each === 'string' ? each.trim().toLowerCase() : (each as unknown))).toSorted()
    : value
}
