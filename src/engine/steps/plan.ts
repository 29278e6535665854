import { compareStage, type StageComparison } from '../../bookkeeping/compare-stage.ts'
import type { DifferenceCount } from '../../bookkeeping/differences.ts'
import { savePresence } from '../../store/snapshot/write-snapshot.ts'
import { openStage } from '../../bookkeeping/stage.ts'
import { notice, type Notice } from '../../model/notice.ts'
import { unnamedGroup } from '../../model/behavior.ts'
import { withoutAbsent } from '../../model/absent-groups.ts'
import type { Violation } from '../../rules/guardrails.ts'
import { rejectDuplicateTargets } from '../../store/plans/operations.ts'
import { countPlan, groupPlan } from '../../store/plans/plan-groups.ts'
import { previousFigures, type PreviousFigures } from '../../store/runs/runs.ts'
import type { StagedRecords } from '../../store/snapshot/staged-records.ts'
import { readRecordsAtWork } from '../../store/snapshot/job-tickets.ts'
import { lastPlanned } from '../../store/snapshot/standing-failures.ts'
import { needsFinding } from '../lookup/addresses.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import { openConnections, type OpenConnections } from './open.ts'
import { meetOthers } from './open/meet-others.ts'
import { isFresh, type TargetLink } from './open/open-connections.ts'
import { leftAlone } from './open/shared-groups.ts'
import { takeOverState } from './open/take-over-state.ts'
import { chooseLineMaker } from './plan/choose-line-maker.ts'
import { noteJobsAtWork } from '../delivery/collect-jobs.ts'
import { waitingForJobs } from './plan/plan-at-work.ts'
import { openPlanner } from './plan/planner.ts'
import { countPopulation, judgeDifferences, judgeWhole } from './plan/judge-plan.ts'
import { planUnlistedHolders } from './plan/plan-unlisted-holders.ts'
import { openUnreadLines } from './plan/plan-unread.ts'
import { repairDrift } from './plan/repair-drift.ts'
import { readIntoStage, type StagedRows } from './read.ts'
import { namesColumn } from './read/group-column.ts'
import { repeatedNotices } from './read/keep-invalid-rows.ts'
import type { MappingPlan } from './read/map-fields.ts'
import { openRowMapper } from './read/row-mapper.ts'
import { leaveOutUnused, resolveAgain, resolveRowNames } from './read/row-names.ts'
import { stageRecords } from './read/stage-records.ts'

/** A Plan whose lines are in the control database, with what its delivery needs. */
export interface PlannedRun {
  /** The Target, with its groups as they are after planning. */
  readonly link: TargetLink
  readonly fieldPlan: MappingPlan | undefined
  /** Lines of the Plan, including those that ask nothing of the Target. */
  readonly lines: number
  /** Operations to send. */
  readonly planned: number
  /** Guardrail violations, overridden ones included. */
  readonly violations: readonly Violation[]
  /** The planned upserts have no match in the Target's index, so they create. */
  readonly upsertsCreate: boolean
  /** Time zone in which the Warehouse evaluates the query, if it reports one. */
  readonly timezone: string | undefined
  /** Digest of the query's result, if the Plan must be exact. */
  readonly readDigest: string | undefined
}

/**
 * Opens both connections; reads, maps and stages the rows; compares the sealed Stage with the Snapshot; looks up the
 * Target; plans. `approve` throws if the Plan must not run.
 */
export async function readAndPlan(
  context: RunContext,
  progress: RunProgress,
  approve: (planned: PlannedRun) => Promise<void> = () => Promise.resolve(),
): Promise<PlannedRun> {
  const { activation, ports, lease, remember } = context
  const open = await openConnections(context, progress)
  try {
    const groupNames = namesColumn(activation, open.columns)
    const mapper = openRowMapper(activation, groupNames, open.fieldPlan?.mapping)
    const stage = openStage(ports.database, lease.runId, mapper.shape)
    try {
      const rowsNameGroups = groupNames !== undefined
      const rows = await readIntoStage(context, progress, open, { stage, mapper, rowsNameGroups })
      const { planned, staged, isQuiet } = await planStage(context, progress, open, rows)
      await approve(planned)
      // A blocked Run must not save which rows are present: a removed row may be back in the next Run. If nothing
      // changed, there is nothing to save.
      if (remember && !isQuiet) await savePresence(ports.database, lease, staged)
      return planned
    } finally {
      await stage.drop()
    }
  } finally {
    await open.session.close()
  }
}

interface StagePlan {
  readonly planned: PlannedRun
  readonly staged: StagedRecords
  /** The query asks for exactly what the Snapshot holds. */
  readonly isQuiet: boolean
}

async function planStage(
  context: RunContext,
  progress: RunProgress,
  open: OpenConnections,
  rows: StagedRows,
): Promise<StagePlan> {
  const { activation, ports, lease } = context
  await progress.enter('comparing')
  const met = await resolveAndMeet(context, progress, open, rows)
  const staged = await stageRecords(context, met, rows.staged, rows.names)
  if (staged.namesAbsent && activation.behavior.plan.removed !== null)
    progress.notices.push(keptNotice((activation.object.group?.noun ?? unnamedGroup).one))
  let figures: Promise<PreviousFigures> | undefined
  const before = () => (figures ??= previousFigures(ports.database, lease.activationId, lease.runId))
  progress.notices.push(...(await takeOverState(context, met, rows.staged.relation)))
  if (activation.drift === 'repair') await repairDrift(context, met, (each) => progress.notices.push(each))
  const compared = await planDifferences(context, progress, open, { link: met, staged, rows, before })
  const { found, tally, differences, blockedEarly } = compared
  progress.notices.push(...repeatedNotices(found))
  await rows.invalidRows.addDuplicates(found, activation)
  await rows.invalidRows.finish()
  let link = met
  if (blockedEarly === undefined) {
    if (activation.behavior.plan.removed !== null && staged.areLinks && activation.ownership === 'enforce')
      tally.lines += await planUnlistedHolders(context, link, { staged, lines: tally.lines })
    if (needsFinding(activation) && activation.matches !== 'all')
      await rejectDuplicateTargets(ports.database, { ...lease, stage: rows.staged.relation, lines: tally.lines })
    if (rows.names !== undefined) link = progress.link = await leaveOutUnused(context, link, [...rows.names.values()])
  }
  const { added, changed, lines } = tally
  progress.hasLines = lines > 0
  const groups = (progress.groups = progress.hasLines ? await groupPlan(ports.database, lease.runId) : [])
  const { writes: planned } = countPlan(groups)
  const [read, invalid] = [rows.read, rows.invalid + found.duplicateRows]
  const unchanged = found.records - added - changed
  progress.counts = { ...progress.counts, read, invalid, added, changed, removed: found.removed, unchanged, planned }
  const earlier = !found.isQuiet || lines > 0 ? await before() : { lastRead: undefined, synced: 0, wentThrough: false }
  const violations =
    blockedEarly ??
    (await judgeWhole(activation, {
      groups,
      differences,
      around: { ...earlier, read, invalid },
      population: () => countPopulation(activation, link),
    }))
  const { upsertsCreate } = compared
  const { fieldPlan, session } = open
  return {
    planned: {
      link,
      fieldPlan,
      lines,
      planned,
      violations,
      upsertsCreate,
      timezone: session.timezone,
      readDigest: rows.digest,
    },
    staged,
    isQuiet: found.isQuiet,
  }
}

/** What a row asks for that names an unknown group is partly unknown (`isGone`). */
function keptNotice(noun: string): Notice {
  const words = `Nothing is removed from records whose rows name a ${noun} that does not exist: the name may be a misspelled one.`
  return notice('kept-beside-missing', words)
}

/** Resolves the groups that rows name, and waits until no other Activation writes to the same groups. */
async function resolveAndMeet(
  context: RunContext,
  progress: RunProgress,
  { link, fieldPlan }: OpenConnections,
  rows: StagedRows,
): Promise<TargetLink> {
  const names = rows.names && [...rows.names.values()]
  if (names === undefined) return await waitForOthers(context, progress, { link, fieldPlan })
  const resolved = await resolveRowNames(context, link, names)
  progress.notices.push(...resolved.resolved.notices)
  return await waitForOthers(context, progress, { link: resolved, fieldPlan }, names)
}

/** Waits until no other Activation writes to the same groups. `names`: the groups that rows name. */
export async function waitForOthers(
  context: RunContext,
  progress: RunProgress,
  { link, fieldPlan }: Pick<OpenConnections, 'link' | 'fieldPlan'>,
  names?: readonly string[],
): Promise<TargetLink> {
  const { now } = context.ports
  const isOver = () => now() >= progress.deadline
  const { hasWaited, notices } = await meetOthers(context, link, Object.keys(fieldPlan?.words ?? {}), isOver)
  progress.notices.push(...notices)
  const { groups, toCreate } = link.resolved
  const isMissing = toCreate.length > 0 || withoutAbsent(groups).length < groups.length
  const mayBeOutdated = isMissing && (hasWaited || !isFresh(link, now()))
  return (progress.link = mayBeOutdated ? await resolveAgain(context, link, names) : link)
}

interface DifferencesToPlan {
  readonly link: TargetLink
  readonly staged: StagedRecords
  readonly rows: StagedRows
  readonly before: () => Promise<PreviousFigures>
}

interface PlannedDifferences {
  readonly found: StageComparison
  readonly tally: { lines: number; readonly added: number; readonly changed: number }
  /** Undefined if everything was new and nothing was counted. */
  readonly differences: readonly DifferenceCount[] | undefined
  /** Violations that the comparison alone shows. If there are any, the Target is not read. */
  readonly blockedEarly: readonly Violation[] | undefined
  readonly upsertsCreate: boolean
}

/** Compares the Stage with the Snapshot, and plans the differences page by page. */
async function planDifferences(
  context: RunContext,
  progress: RunProgress,
  { fieldPlan }: OpenConnections,
  { link, staged, rows, before }: DifferencesToPlan,
): Promise<PlannedDifferences> {
  const { activation, ports, lease, remember, allow, exact = false } = context
  const object = progress.reads?.remembering(activation.object) ?? activation.object
  const chosen = chooseLineMaker(
    { ...context, activation: { ...activation, object } },
    { ...link, listing: object.listing },
    {
      staged,
      onlyIfEmpty: fieldPlan?.mapping.onlyIfEmpty ?? new Set(),
      expected: () => before().then(({ synced }) => Math.max(1, rows.read - synced)),
      reportProgress: (each) => progress.notices.push(each),
    },
  )
  const atWork = remember ? [] : await readRecordsAtWork(ports.database, lease.activationId)
  if (atWork.length > 0) progress.notices.push(...(await noteJobsAtWork(ports.database, lease.activationId)))
  let planner = openPlanner(context, waitingForJobs(chosen.maker, atWork))
  let differences: readonly DifferenceCount[] | undefined
  let blockedEarly: readonly Violation[] | undefined
  const last = await lastPlanned(ports.database, lease.activationId)
  try {
    const found = await compareStage(
      ports.database,
      {
        activationId: lease.activationId,
        staged,
        removesWhatLeft: activation.behavior.plan.removed !== null,
        duplicates: activation.duplicates ?? 'refuse',
        onHoldSince: last?.run,
      },
      {
        whenAllNew: planner.planAllNew && ((client) => planner.planAllNew?.(client) ?? Promise.resolve(false)),
        onCounted: async (counted, { duplicateRows }) => {
          differences = counted
          if (!remember || exact) return
          const around = { ...(await before()), read: rows.read, invalid: rows.invalid + duplicateRows }
          const violations = judgeDifferences(activation, counted, around, await leftAlone(context, link, staged))
          if (violations.every(({ rule }) => allow.includes(rule))) return
          blockedEarly = violations
          planner = openPlanner(context, openUnreadLines(context, link, staged))
        },
        onPage: (page) => planner.plan(page),
      },
    )
    await planner.finish()
    return { found, tally: planner.tally, differences, blockedEarly, upsertsCreate: !chosen.upsertsItself }
  } catch (error) {
    // A page may still be planned. The Run must not end before that.
    await planner.idle()
    throw error
  }
}
