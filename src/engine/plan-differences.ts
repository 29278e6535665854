import type { PoolClient } from 'pg'
import type { Identity, Key } from '../model/record.ts'
import { decide, type Difference, type Intent, type Ownership, type Sight } from '../sync/plan.ts'
import type { StagedDifference } from '../store/compare.ts'
import { insertAllNew, insertOperations, type NewOperation, type OperationDetails } from '../store/operations.ts'
import { nameSeparator } from '../store/stage.ts'
import { identityOfKey } from './addresses.ts'
import { nothingFound, type FindThings, type Finding } from './find-things.ts'
import { ambiguousWords, notFoundWords } from '../sync/found-words.ts'
import { sightFor, type Look } from './look.ts'
import { membersColumn } from './members-column.ts'
import type { Held } from './held.ts'
import { identitiesOf } from './send-slice.ts'

/** A member that is yet to be created stands in the Plan under its name until it has an id. */
export function pendingMember(name: string): string {
  return `name:${encodeURIComponent(name.toLowerCase())}`
}

export interface Planner {
  /** Plans all at once what is wholly new, where that needs no look at each Record. Answers false where it does. */
  planAllNew?(client: PoolClient, stage: string): Promise<boolean>
  /** Plans one page of differences and writes its lines. */
  plan(page: readonly StagedDifference[]): Promise<void>
  /** Comes back when all lines are written. */
  finish(): Promise<void>
  readonly tally: { lines: number; added: number; changed: number }
}

export interface MembersToPlan {
  readonly look: () => Promise<Look>
  /** Where things are named by identifiers that are not their own. */
  readonly find: (() => Promise<FindThings>) | undefined
  readonly members: readonly { readonly name: string; readonly id: string | null }[]
}

/** A Record of the page that names a thing; or the line that says why it does not. */
type Addressed = { readonly difference: Difference; readonly staged: StagedDifference } | { readonly line: NewOperation }

/** Change x SyncBehavior x what the Target holds -> the lines of the Plan. */
export function openPlanner(held: Held, { look, find, members }: MembersToPlan): Planner {
  const { activation, activation: { behavior, object, ownership, identifier } } = held
  const intent: Intent = { takesOff: behavior.plan.added === 'remove', removesWhatLeft: behavior.plan.removed === 'remove' }
  // Where the index leaves things out, the Target's own answers do not tell either what a thing carried before.
  const answersTell = object.survey?.leavesOut === undefined
  const folds = object.members?.matchCase !== true
  const fold = (name: string) => folds ? name.toLowerCase() : name
  const idOf = new Map(members.map(({ name, id }) => [fold(name), id ?? pendingMember(name)]))
  const constant = members.map(({ name, id }) => id ?? pendingMember(name))
  const wantsOf = ({ wants, reason }: StagedDifference): readonly string[] => {
    if (reason === 'left') return []
    if (wants === null) return constant
    return wants === '' ? [] : wants.split(nameSeparator).map((name) => idOf.get(fold(name)) ?? pendingMember(name))
  }
  const addressed = (staged: StagedDifference, identity: Identity): Addressed => {
    const { key, reason, ours, doubt } = staged
    return { staged, difference: { key, identity, reason, ours, doubt, wants: wantsOf(staged) } }
  }

  const address = async (page: readonly StagedDifference[]): Promise<Addressed[]> => {
    if (find === undefined) return page.map((staged) => addressed(staged, { field: identifier.field, value: staged.key }))
    const sought = page.map((staged) => ({ key: staged.key, targetId: staged.targetId, identities: soughtBy(staged) }))
    const things = await (await find()).find(sought)
    return page.map((staged) => {
      const finding = things.get(staged.key) ?? nothingFound
      const { matches } = finding
      const [only] = matches
      if (only !== undefined && matches.length === 1) return addressed(staged, { field: 'id', value: only.targetId })
      return { line: unaddressed(staged, finding) }
    })
  }
  // One that left has no row to say by what else it may be found.
  const soughtBy = ({ key, reason, identities }: StagedDifference): Identity[] =>
    reason === 'left' || identities === null ? [identityOfKey(activation, key)] : identitiesOf({ key, identities }, identifier.field)

  const unaddressed = (staged: StagedDifference, { matches, remark }: Finding): NewOperation => {
    const { key, reason, doubt } = staged
    const line = { key, reason, members: [], wants: staged.wants, parts: 1, doubt, held: null }
    // What left and is gone is off.
    if (reason === 'left') return { ...line, kind: 'keep', note: 'nothing-to-do' }
    const noun = object.thing ?? object.label.toLowerCase()
    const words = matches.length === 0 ? notFoundWords(noun, identifier.field, key, remark) : ambiguousWords(noun, identifier.field, key, matches)
    return { ...line, kind: 'refuse', note: null, details: { ...noDetails, code: matches.length === 0 ? 'not-found' : 'ambiguous', message: words } }
  }

  const tally = { lines: 0, added: 0, changed: 0 }
  // A page's lines are written while the next page is read and looked at.
  let writing: Promise<void> = Promise.resolve()
  // What each row asks for itself, and what has to be found first, takes a look at each.
  const isAlike = find === undefined && !intent.takesOff && membersColumn(activation) === undefined
  return {
    tally,
    finish: () => writing,
    ...isAlike && {
      async planAllNew(client: PoolClient, stage: string): Promise<boolean> {
        if (!(await look()).seesNobody) return false
        const lines = await insertAllNew(client, held.holder.runId, stage, constant)
        tally.lines += lines
        tally.added += lines
        return true
      },
    },
    async plan(page) {
      const records = await address(page)
      const differences = records.flatMap((record) => 'difference' in record ? [record.difference] : [])
      const sights = differences.length === 0 ? new Map<Key, Sight>() : await (await look()).at(differences)
      const lines = records.flatMap((record) => 'line' in record ? [record.line]
        : linesOf(record.difference, record.staged, sightFor(sights, record.difference.key), intent, ownership, answersTell)
          .map((line) => find === undefined ? line : { ...line, details: { ...noDetails, targetId: record.difference.identity.value } }))
      for (const { reason } of page) {
        if (reason === 'changed') tally.changed += 1
        else if (reason !== 'left') tally.added += 1
      }
      await writing
      writing = insertOperations(held.ports.database, held.holder.runId, tally.lines + 1, lines, folds)
      // Whoever asks next gets the error.
      writing.catch(() => undefined)
      tally.lines += lines.length
    },
  }
}

export const noDetails: OperationDetails = { targetId: null, identities: null, asks: null, before: null, prints: null, code: null, message: null }

function linesOf(difference: Difference, { wants, doubt }: StagedDifference, sight: Sight, intent: Intent, ownership: Ownership, answersTell: boolean): NewOperation[] {
  const { key, reason } = difference
  const { add, remove, inPlace, leftAlone } = decide(difference, sight, intent, ownership)
  const held = answersTell || !intent.takesOff || sight.held !== undefined ? null : remove.filter((member) => sight.surely?.has(member))
  const asked = [{ kind: 'add' as const, members: add }, { kind: 'remove' as const, members: remove }].filter(({ members }) => members.length > 0)
  if (asked.length > 0) return asked.map(({ kind, members }) => ({ key, kind, reason, members, note: null, wants, parts: asked.length, doubt, held }))
  const note = leftAlone.length > 0 ? 'theirs' : inPlace.length > 0 ? 'already-in-place' : 'nothing-to-do'
  return [{ key, kind: 'keep', reason, members: leftAlone.length > 0 ? leftAlone : inPlace, note, wants, parts: 1, doubt, held: null }]
}
