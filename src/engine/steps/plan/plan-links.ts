import type { PoolClient } from 'pg'
import type { Identity, Key } from '../../../model/record.ts'
import { type Current, type Intent, type LinkDifference, decide, unseen } from '../../../rules/decide.ts'
import type { StagedDifference } from '../../../bookkeeping/differences.ts'
import { insertAllNew, noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import { identityOfKey } from '../../lookup/addresses.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { nothingFound, type FindTargetRecords, type FoundRecords } from '../../lookup/find-target-records.ts'
import { ambiguousWords, notFoundWords } from '../../../rules/found-words.ts'
import type { GroupLookup } from '../../lookup/group-lookup.ts'
import type { RunContext } from '../../run-context.ts'
import type { LineMaker } from './planner.ts'
import { identitiesOf } from '../../delivery/send-slice.ts'
import { findDesiredElsewhere } from '../open/shared-groups.ts'

export interface LinksToPlan {
  readonly link: TargetLink
  readonly staged: StagedRecords
  readonly lookup: (intent: Intent) => Promise<GroupLookup>
  /** Set if Records are found by identifiers other than the target record's own id. */
  readonly find: (() => Promise<FindTargetRecords>) | undefined
}

/** A link whose target record is known, or the line that says why it is not. */
type Addressed = { readonly difference: LinkDifference } | { readonly line: NewOperation }
type DesiredByKey = ReadonlyMap<Key, ReadonlyMap<string, string>>

/** Difference, behavior and current state of the Target give the lines of the Plan. */
export function openLinkLines(context: RunContext, { link, staged, lookup, find }: LinksToPlan): LineMaker {
  const {
    activation,
    activation: { behavior, object, identifier },
  } = context
  const intent: Intent = {
    takesOff: behavior.plan.added === 'detach',
    removesWhatLeft: behavior.plan.removed === 'detach',
  }
  const lineOf = openLinkLine(context, intent)

  const addressed = (
    { key, group, reason, managed, sent, targetId }: StagedDifference,
    identity: Identity,
  ): Addressed => {
    // A link that we manage on the Record's previous target record says nothing about the new one
    // (`partTargets` in src/store/snapshot/write-snapshot.ts).
    const isMoved = reason !== 'left' && targetId !== null && identity.field === 'id' && identity.value !== targetId
    return {
      difference: {
        record: `${key}\u0000${identity.value}`,
        key,
        group,
        identity,
        reason,
        sent,
        targetId: identity.field === 'id' ? identity.value : targetId,
        managed: managed !== 'no' && !isMoved,
      },
    }
  }

  const address = async (page: readonly StagedDifference[]): Promise<Addressed[]> => {
    if (find === undefined)
      return page.map((difference) => addressed(difference, { field: identifier.field, value: difference.key }))
    // The links of a Key have the same identifiers, which only a link that the query asks for has.
    const sought = new Map<Key, StagedDifference>()
    for (const difference of page)
      if (!isKnown(difference) && (difference.reason !== 'left' || !sought.has(difference.key)))
        sought.set(difference.key, difference)
    const found =
      sought.size === 0
        ? new Map<Key, FoundRecords>()
        : await (
            await find()
          ).find(
            [...sought.values()].map((difference) => ({
              key: difference.key,
              targetId: difference.targetId,
              identities: soughtBy(difference),
            })),
          )
    return page.map((difference) => {
      // A removed link has no row with identifiers. Its target record is known by its own id.
      if (isKnown(difference) && difference.targetId !== null)
        return addressed(difference, { field: 'id', value: difference.targetId })
      const finding = found.get(difference.key) ?? nothingFound
      const [only] = finding.matches
      return only !== undefined && finding.matches.length === 1
        ? addressed(difference, { field: 'id', value: only.targetId })
        : { line: unaddressed(difference, finding) }
    })
  }
  const soughtBy = ({ key, reason, identities }: StagedDifference): Identity[] =>
    reason === 'left' || identities === null
      ? [identityOfKey(activation, key)]
      : identitiesOf({ key, identities }, identifier.field)

  const unaddressed = (
    { key, group, reason, sent }: StagedDifference,
    { matches, remark }: FoundRecords,
  ): NewOperation => {
    const line = { key, group, reason, sent, desired: null } as const
    // The target record is gone: nothing to remove.
    if (reason === 'left') return { ...line, kind: 'skip', note: 'nothing-to-do' }
    const noun = object.noun
    const words =
      matches.length === 0
        ? notFoundWords(noun, identifier.field, key, remark)
        : ambiguousWords(noun, identifier.field, key, matches)
    return {
      ...line,
      kind: 'reject',
      note: null,
      details: { ...noDetails, code: matches.length === 0 ? 'not-found' : 'ambiguous', message: words },
    }
  }

  const whyImpossible = ({ group, reason }: StagedDifference): string | undefined =>
    reason === 'left' ? undefined : object.group?.missing?.(group)
  /** A link to a group that does not exist: its name may be a misspelled one, also of a group to remove. */
  const impossible = (difference: StagedDifference): NewOperation => {
    const { key, group, reason, sent } = difference
    const line = { key, group, reason, sent, desired: null } as const
    const message = whyImpossible(difference) ?? null
    return { ...line, kind: 'reject', note: null, details: { ...noDetails, code: 'group-not-found', message } }
  }

  /** Skips the read of a target record if all of its removed links stay because others desire them. */
  const lookUp = async (
    differences: readonly LinkDifference[],
  ): Promise<{ currents: ReadonlyMap<string, Current>; desiredByKey: DesiredByKey }> => {
    const leaving = new Map(
      differences.filter(({ reason }) => reason === 'left').map((difference) => [difference.record, difference]),
    )
    const desiredByKey = new Map(
      await findDesiredElsewhere(
        context,
        link,
        [...leaving.values()].map((difference) => ({ ...difference, names: namesOf(difference) })),
        staged,
      ),
    )
    const open = differences.filter(
      ({ key, group, reason }) => reason !== 'left' || desiredByKey.get(key)?.has(group) !== true,
    )
    const currents = open.length === 0 ? new Map<string, Current>() : await (await lookup(intent)).at(open)
    // The read may return further identifiers of the target record. Check again whether others desire its groups under
    // these.
    const known = [...leaving.values()].flatMap((difference) => {
      const { targetId = null, identities = [] } = currents.get(difference.record) ?? {}
      return targetId !== null && (difference.targetId === null || identities.length > 0)
        ? [{ key: difference.key, targetId, names: [...identities, ...namesOf(difference)] }]
        : []
    })
    for (const [key, desiredElsewhere] of await findDesiredElsewhere(context, link, known, staged))
      desiredByKey.set(key, desiredElsewhere)
    return { currents, desiredByKey }
  }

  // Rows that name their own groups, and target records that must be found first, need a lookup for each Record.
  const isAlike = find === undefined && !intent.takesOff && !staged.rowsNameGroups
  return {
    ...(isAlike && {
      planAllNew: async (client: PoolClient) =>
        (await lookup(intent)).seesNobody ? await insertAllNew(client, context.lease.runId, staged) : undefined,
    }),
    async linesOf(page) {
      // Nothing is asked about links to groups that do not exist.
      const possible = page.filter((difference) => whyImpossible(difference) === undefined)
      const links = await address(possible)
      const { currents, desiredByKey } = await lookUp(
        links.flatMap((each) => ('difference' in each ? [each.difference] : [])),
      )
      const lines = links.map((each) => {
        if ('line' in each) return each.line
        const { difference } = each
        const { record, key, group, identity } = difference
        const line = lineOf(difference, currents.get(record), desiredByKey.get(key)?.get(group))
        return find === undefined
          ? line
          : { ...line, details: { ...(line.details ?? noDetails), targetId: identity.value } }
      })
      const made = new Map(possible.map((difference, at) => [difference, lines[at]]))
      return page.map((difference) => [made.get(difference) ?? impossible(difference)])
    },
  }
}

function isKnown({ reason, targetId }: StagedDifference): boolean {
  return reason === 'left' && targetId !== null
}

function namesOf({ identity }: LinkDifference): Identity[] {
  return identity.field === 'id' ? [] : [identity]
}

/**
 * The Plan's line for one link: to add it, to remove it, or why nothing is asked. `desiredBy`: the other Activation, or
 * this one for another Record, that desires it.
 */
type LinkLine = (
  difference: LinkDifference,
  current: Current | undefined,
  desiredBy: string | undefined,
) => NewOperation

function openLinkLine({ activation: { object, ownership, name } }: RunContext, intent: Intent): LinkLine {
  // If the index leaves target records out, the Target's answers do not report the previous state either.
  const answersSay = object.listing?.leavesOut === undefined

  const surelyAbsent = ({ group, sent, managed }: LinkDifference, current: Current): boolean =>
    // Unconfirmed: only a link that surely did not exist when it was sent may count as managed.
    sent !== null
      ? managed
      : group.startsWith('name:') ||
        (current.unknown?.has(group) !== true && (object.group?.untold !== true || current.isDirect === true))
  const surelyThere = ({ group }: LinkDifference, { held, surely, unknown }: Current): boolean =>
    answersSay ||
    !intent.takesOff ||
    (held !== undefined && unknown?.has(group) !== true) ||
    (held ?? surely)?.has(group) === true

  return (difference, current = unseen, desiredBy) => {
    const { key, group, reason, sent } = difference
    const line = { key, group, reason, sent, desired: null, note: null } as const
    const decision = decide(difference, current, intent, ownership, desiredBy !== undefined)
    switch (decision) {
      case 'attach':
        return { ...line, kind: 'attach', certain: surelyAbsent(difference, current) }
      case 'detach':
        return { ...line, kind: 'detach', certain: surelyThere(difference, current) }
      case 'wanted-elsewhere': {
        const words = desiredBy === name ? 'another record of this activation' : `the activation "${desiredBy}"`
        return {
          ...line,
          kind: 'skip',
          note: decision,
          details: { ...noDetails, message: `It is not removed while ${words} requests it. Each Run checks again.` },
        }
      }
      default:
        return { ...line, kind: 'skip', note: decision }
    }
  }
}
