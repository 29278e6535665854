import type { PoolClient } from 'pg'
import type { Identity, Key } from '../../../model/record.ts'
import { isStale, type Difference, type Intent, type Current } from '../../../rules/decide.ts'
import type { StagedDifference } from '../../../bookkeeping/compare-stage.ts'
import { insertAllNew, insertOperations, noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import { identityOfKey } from '../../lookup/addresses.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { nothingFound, type FindTargetRecords, type FoundRecords } from '../../lookup/find-target-records.ts'
import { ambiguousWords, notFoundWords } from '../../../rules/found-words.ts'
import type { GroupLookup } from '../../lookup/group-lookup.ts'
import { groupColumn } from '../read/group-column.ts'
import type { RunContext } from '../../run-context.ts'
import { openLinkLines } from './link-lines.ts'
import { identitiesOf } from '../../delivery/send-slice.ts'
import { findDesiredElsewhere } from '../open/shared-groups.ts'

/** Until a new group has an id, the Plan holds this name for it. */
export function pendingGroup(name: string): string {
  return `name:${encodeURIComponent(name.toLowerCase())}`
}

export interface Planner {
  /** Plans all Records in one statement if all are new and need no single lookup. Returns false if they do. */
  planAllNew?(client: PoolClient, stage: string): Promise<boolean>
  /** Plans one page of differences and writes its lines. */
  plan(page: readonly StagedDifference[]): Promise<void>
  /** Resolves when all lines are written. */
  finish(): Promise<void>
  readonly tally: { lines: number; added: number; changed: number }
}

export interface GroupsToPlan {
  readonly link: TargetLink
  /** The table of the sealed Stage. */
  readonly stage: string
  readonly lookup: (intent: Intent) => Promise<GroupLookup>
  /** Set if Records are found by identifiers other than the target record's own id. */
  readonly find: (() => Promise<FindTargetRecords>) | undefined
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
}

/**
 * A Record whose target record is known. Otherwise `line` says why it is not, and `difference` removes links from its
 * previous target record.
 */
interface Addressed {
  readonly staged: StagedDifference
  readonly difference?: Difference
  readonly line?: NewOperation
}
type DesiredByKey = ReadonlyMap<Key, ReadonlyMap<string, string>>

/** Difference, behavior and current state of the Target give the lines of the Plan. */
export function openPlanner(context: RunContext, { link, stage, lookup, find, groups }: GroupsToPlan): Planner {
  const { activation, activation: { behavior, object, identifier } } = context
  const intent: Intent = { takesOff: behavior.plan.added === 'detach', removesWhatLeft: behavior.plan.removed === 'detach' }
  const folds = object.group?.matchCase !== true
  const fold = (name: string) => folds ? name.toLowerCase() : name
  const idOf = new Map(groups.map(({ name, id }) => [fold(name), id ?? pendingGroup(name)]))
  const constant = groups.map(({ name, id }) => id ?? pendingGroup(name))
  const desiredOf = ({ desired, reason }: StagedDifference): readonly string[] => {
    if (reason === 'left') return []
    if (desired === null) return constant
    return (JSON.parse(desired) as string[]).map((name) => idOf.get(fold(name)) ?? pendingGroup(name))
  }
  const addressed = (staged: StagedDifference, identity: Identity): Addressed & { readonly difference: Difference } => {
    const { key, reason, sent, targetId } = staged
    // Links that we manage on its previous target record say nothing about the new one
    // (src/store/snapshot/part-targets.ts).
    const managed = reason !== 'left' && targetId !== null && identity.field === 'id' && identity.value !== targetId ? [] : staged.managed
    return { staged, difference: { key, identity, targetId: identity.field === 'id' ? identity.value : targetId, reason, managed, sent, desired: desiredOf(staged) } }
  }
  const linesOf = openLinkLines(context, intent, constant.filter((group) => group.startsWith('name:')))

  const address = async (page: readonly StagedDifference[]): Promise<Addressed[]> => {
    if (find === undefined) return page.map((staged) => addressed(staged, { field: identifier.field, value: staged.key }))
    // A Record that was removed from the query has no row with identifiers. Its target record is known by its own id.
    const [left, sought] = [page.filter(isKnown), page.filter((staged) => !isKnown(staged))]
    const targetRecords = sought.length === 0 ? new Map<Key, FoundRecords>() : await (await find()).find(sought.map((staged) => ({ key: staged.key, targetId: staged.targetId, identities: soughtBy(staged) })))
    const known = new Set(left.map(({ key }) => key))
    return page.map((staged) => {
      if (known.has(staged.key) && staged.targetId !== null) return addressed(staged, { field: 'id', value: staged.targetId })
      const finding = targetRecords.get(staged.key) ?? nothingFound
      const { matches } = finding
      const [only] = matches
      if (only !== undefined && matches.length === 1) return addressed(staged, { field: 'id', value: only.targetId })
      return lost(staged, finding)
    })
  }
  /**
   * The identifier finds no target record, or several. Links that the row no longer asks for are removed from the
   * previous target record, unless another Record, which may name that target record by now, desires them.
   */
  const lost = (staged: StagedDifference, finding: FoundRecords): Addressed => {
    const line = unaddressed(staged, finding)
    if (!intent.removesWhatLeft || staged.targetId === null || line.kind !== 'reject') return { staged, line }
    const { difference } = addressed(staged, { field: 'id', value: staged.targetId })
    const stale = difference.managed.filter((group) => !difference.desired.includes(group))
    if (stale.length === 0) return { staged, line }
    return { staged, line, difference: { ...difference, managed: stale, desired: [] } }
  }
  const soughtBy = ({ key, reason, identities }: StagedDifference): Identity[] =>
    reason === 'left' || identities === null ? [identityOfKey(activation, key)] : identitiesOf({ key, identities }, identifier.field)

  const unaddressed = (staged: StagedDifference, { matches, remark }: FoundRecords): NewOperation => {
    const { key, reason, sent } = staged
    const line = { key, reason, groups: [], desired: staged.desired, parts: 1, sent, certain: null }
    // The Record was removed from the query and its target record is gone: nothing to do.
    if (reason === 'left') return { ...line, kind: 'skip', note: 'nothing-to-do' }
    const noun = object.recordNoun ?? object.label.toLowerCase()
    const words = matches.length === 0 ? notFoundWords(noun, identifier.field, key, remark) : ambiguousWords(noun, identifier.field, key, matches)
    return { ...line, kind: 'reject', note: null, details: { ...noDetails, code: matches.length === 0 ? 'not-found' : 'ambiguous', message: words } }
  }

  /** Skips the read if all links of a removed Record stay because others desire them, whoever manages them. */
  const lookUp = async (differences: readonly Difference[]): Promise<{ currents: ReadonlyMap<Key, Current>; desiredByKey: DesiredByKey }> => {
    const stale = differences.filter((difference) => isStale(difference, intent))
    const desiredByKey = new Map(await findDesiredElsewhere(context, link, stale.map((difference) => ({ ...difference, names: namesOf(difference) })), stage))
    const keepsForOthers = ({ key, managed, desired, reason }: Difference): boolean =>
      reason === 'left' && managed.every((group) => desired.includes(group) || desiredByKey.get(key)?.has(group) === true)
    const open = differences.filter((difference) => !keepsForOthers(difference))
    const currents = open.length === 0 ? new Map<Key, Current>() : await (await lookup(intent)).at(open)
    // The read may return further identifiers of the target record. Check again whether others desire its groups under
    // these.
    const known = stale.flatMap((difference) => {
      const { targetId = null, identities = [] } = currents.get(difference.key) ?? {}
      return targetId !== null && (difference.targetId === null || identities.length > 0) ? [{ key: difference.key, targetId, names: [...identities, ...namesOf(difference)] }] : []
    })
    for (const [key, desiredElsewhere] of await findDesiredElsewhere(context, link, known, stage)) desiredByKey.set(key, desiredElsewhere)
    return { currents, desiredByKey }
  }

  const tally = { lines: 0, added: 0, changed: 0 }
  // A page's lines are written while the next page is read and looked up.
  let writing: Promise<void> = Promise.resolve()
  // Rows that name their own groups, and target records that must be found first, need a lookup for each Record.
  const isAlike = find === undefined && !intent.takesOff && groupColumn(activation) === undefined
  return {
    tally,
    finish: () => writing,
    ...isAlike && {
      async planAllNew(client: PoolClient, stage: string): Promise<boolean> {
        if (!(await lookup(intent)).seesNobody) return false
        const lines = await insertAllNew(client, context.lease.runId, stage, constant)
        tally.lines += lines
        tally.added += lines
        return true
      },
    },
    async plan(page) {
      const records = await address(page)
      const { currents, desiredByKey } = await lookUp(records.flatMap(({ difference }) => difference ?? []))
      const planned = records.map(({ difference, staged, line: rejected }) => {
        const lines = difference === undefined ? [] : linesOf(difference, staged, currents.get(difference.key), desiredByKey.get(difference.key))
          .map((line) => find === undefined ? line : { ...line, details: { ...line.details ?? noDetails, targetId: difference.identity.value } })
        if (rejected === undefined) return lines
        if (difference === undefined) return [rejected]
        // Its row still asks for these groups: other activations and rows must not remove them.
        const desiredGroups = staged.desired === null ? null : desiredOf(staged)
        return [...lines, rejected].map((line) => ({ ...line, desiredGroups, parts: lines.length + 1 }))
      })
      for (const [at, { reason }] of page.entries()) {
        // A Record that only keeps links for others, and no longer desires them itself, did not change.
        if (reason === 'changed' && !onlyKeepsForOthers(planned[at] ?? [])) tally.changed += 1
        else if (reason !== 'left' && reason !== 'changed') tally.added += 1
      }
      const lines = planned.flat()
      await writing
      writing = insertOperations(context.ports.database, context.lease.runId, tally.lines + 1, lines, folds)
      // The next `await writing` throws the error. This avoids an unhandled rejection.
      writing.catch(() => undefined)
      tally.lines += lines.length
    },
  }
}

function isKnown({ reason, targetId }: StagedDifference): boolean {
  return reason === 'left' && targetId !== null
}

function namesOf({ identity }: Difference): Identity[] {
  return identity.field === 'id' ? [] : [identity]
}

function onlyKeepsForOthers(lines: readonly NewOperation[]): boolean {
  return lines.some(({ keepsForOthers }) => keepsForOthers === true) && lines.every(({ kind }) => kind === 'skip')
}
