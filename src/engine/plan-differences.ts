import { decide, type Difference, type Intent, type Ownership, type Sight } from '../sync/plan.ts'
import type { StagedDifference } from '../store/compare.ts'
import { insertOperations, type NewOperation } from '../store/operations.ts'
import { nameSeparator } from '../store/stage.ts'
import { sightFor, type Look } from './look.ts'
import type { Held } from './held.ts'

/** A member that is yet to be created stands in the Plan under its name until it has an id. */
export function pendingMember(name: string): string {
  return `name:${encodeURIComponent(name.toLowerCase())}`
}

export interface Planner {
  /** Plans one page of differences and writes its lines. */
  plan(page: readonly StagedDifference[]): Promise<void>
  /** Comes back when all lines are written. */
  finish(): Promise<void>
  readonly tally: { lines: number; added: number; changed: number }
}

/** Change x SyncBehavior x what the Target holds -> the lines of the Plan. */
export function openPlanner(held: Held, look: () => Promise<Look>, members: readonly { readonly name: string; readonly id: string | null }[]): Planner {
  const { behavior, ownership } = held.activation
  const intent: Intent = { takesOff: behavior.plan.added === 'remove', removesWhatLeft: behavior.plan.removed === 'remove' }
  // Where the index leaves things out, the Target's own answers do not tell either what a thing carried before.
  const answersTell = held.activation.object.survey?.leavesOut === undefined
  const idOf = new Map(members.map(({ name, id }) => [name.toLowerCase(), id ?? pendingMember(name)]))
  const constant = members.map(({ name, id }) => id ?? pendingMember(name))
  const tally = { lines: 0, added: 0, changed: 0 }
  // A page's lines are written while the next page is read and looked at.
  let writing: Promise<void> = Promise.resolve()
  return {
    tally,
    finish: () => writing,
    async plan(page) {
      const differences = page.map(({ key, reason, wants, ours, doubt }): Difference => ({
        key, reason, ours, doubt, wants: wants === null ? constant : wants.map((name) => idOf.get(name.toLowerCase()) ?? pendingMember(name)),
      }))
      const sights = await (await look()).at(differences)
      const lines = differences.flatMap((difference, index) => linesOf(difference, page[index], sightFor(sights, difference.key), intent, ownership, answersTell))
      for (const { reason } of differences) {
        if (reason === 'changed') tally.changed += 1
        else if (reason !== 'left') tally.added += 1
      }
      await writing
      writing = insertOperations(held.ports.database, held.holder.runId, tally.lines + 1, lines)
      // Whoever asks next gets the error.
      writing.catch(() => undefined)
      tally.lines += lines.length
    },
  }
}

function linesOf(difference: Difference, staged: StagedDifference | undefined, sight: Sight, intent: Intent, ownership: Ownership, answersTell: boolean): NewOperation[] {
  const { key, reason } = difference
  const { add, remove, inPlace, leftAlone } = decide(difference, sight, intent, ownership)
  const held = answersTell || !intent.takesOff || sight.held !== undefined ? null : remove.filter((member) => sight.surely?.has(member))
  const wants = staged?.wants?.join(nameSeparator) ?? null
  const doubt = staged?.doubt ?? null
  const asked = [{ kind: 'add' as const, members: add }, { kind: 'remove' as const, members: remove }].filter(({ members }) => members.length > 0)
  if (asked.length > 0) return asked.map(({ kind, members }) => ({ key, kind, reason, members, note: null, wants, parts: asked.length, doubt, held }))
  const note = leftAlone.length > 0 ? 'theirs' : inPlace.length > 0 ? 'already-in-place' : 'nothing-to-do'
  return [{ key, kind: 'keep', reason, members: leftAlone.length > 0 ? leftAlone : inPlace, note, wants, parts: 1, doubt, held: null }]
}
