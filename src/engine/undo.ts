import { Fault } from '../model/fault.ts'
import { withoutAbsent } from '../model/absent-groups.ts'
import type { Notice } from '../model/notice.ts'
import { groupPlan } from '../store/plans/plan-groups.ts'
import { discardRun, saveRunGroups, type RunSummary } from '../store/runs/runs.ts'
import { countInverse, countStateUnknown, insertInverse, markAsUndo } from '../store/ledger/link-changes.ts'
import type { Activation } from './activation.ts'
import { openTarget, type TargetLink } from './steps/open/open-connections.ts'
import { collectJobs, noteJobsAtWork } from './delivery/collect-jobs.ts'
import { faultOfEnd } from './faults/planning-ended.ts'
import { immutableSettingsOf, rejectChangedSettings } from './steps/open/immutable-settings.ts'
import type { RunContext } from './run-context.ts'
import { lostLease } from './faults/lost-lease.ts'
import { openRun } from './steps/open/open-run.ts'
import { groupColumn, settingsNaming } from './steps/read/group-column.ts'
import { saveRunPlan } from './steps/plan/save-plan.ts'
import { RunProgress } from './run-progress.ts'
import { deliverPlan, type PlanToDeliver } from './steps/deliver.ts'
import { waitForOthers } from './steps/plan.ts'
import { endPlanning, finishAndReport } from './steps/report.ts'
import type { RunReport } from './run-report.ts'
import type { Ports } from './ports.ts'
import { asEngineFault } from './delivery/send-slice.ts'
import { inverseLinks } from './undo-links.ts'
import { inverseRecords } from './undo-records.ts'

/** Records read together. */
const pageSize = 500

/** The Plan of an undo: the inverse of what the Run changed, as far as it was not changed since. */
export interface UndoPlan {
  /** The Run that would do it. Its Plan can be read under this number until it is applied or discarded. */
  readonly run: number
  readonly undoes: number
  readonly lines: number
  /** Records that lose, or get back, a link. */
  readonly removes: number
  readonly adds: number
  /**
   * Target records whose values are restored; that are removed, because the Run created them; that come back from the
   * archive.
   */
  readonly updates: number
  readonly discards: number
  readonly restores: number
  /** Target records that the Run deleted. They cannot be restored. */
  readonly cannotRestore: number
  /** Records that are already as before, or gone. */
  readonly nothingToDo: number
  /** Records left alone: the link was added again externally since. */
  readonly external: number
  /** Records left alone: other Activations, or other Records of this one, still desire the link. */
  readonly elsewhere: number
  /** Records left alone because a later Run changed the same, and the latest of these Runs. */
  readonly later: number
  readonly laterRun: number | null
  /**
   * Records left alone because their previous state is unknown: a removed link that may not have existed, values that
   * were not read before the write, or a target record that the Run may not have created.
   */
  readonly stateUnknown: number
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  readonly notices: readonly Notice[]
}

export interface UndoOptions {
  /** It is a Run from the start, without a confirmation in between. */
  readonly isDecided?: boolean
  /**
   * Only the Plan is needed: it does not wait for Activations that write to the same groups, and does not block them.
   */
  readonly isPreview?: boolean
}

/**
 * Undoes a Run: reads each target record that it changed, plans the inverse of what is still as the Run left it, and
 * shows it to `approve`. If approved, delivers it as a new Run, which can be undone as well. Returns undefined, and
 * saves nothing, if nothing is to be written or `approve` returned false.
 */
export async function undoRun(
  activation: Activation,
  ports: Ports,
  undone: Pick<RunSummary, 'id' | 'groups'>,
  approve: (plan: UndoPlan) => Promise<boolean>,
  { isDecided = false, isPreview = false }: UndoOptions = {},
): Promise<RunReport | undefined> {
  return await openRun(
    activation,
    ports,
    { remember: !isPreview, asPlan: !isDecided, allow: [] },
    async (context, notices) => {
      await markAsUndo(ports.database, context.lease.runId, undone.id)
      const progress = new RunProgress(context)
      progress.notices.push(...notices)
      let plan: PlanToDeliver
      try {
        const { undoPlan, ...planned } = await planUndo(context, progress, undone)
        plan = planned
        if (!(await approve(undoPlan)) || plan.planned === 0) {
          await progress.close()
          await discardRun(ports.database, context.lease.runId)
          return undefined
        }
        if (!isDecided) await context.becomeRun()
        progress.groups = await groupPlan(ports.database, context.lease.runId)
        await saveRunPlan(context, plan.link, progress, [])
      } catch (error) {
        try {
          const found = asEngineFault(error)
          // The driver's error for a closed session is not a database fault, so it looks like a bug. The real cause is
          // the lost lease.
          const fault = found.kind === 'bug' ? (lostLease(context.signal) ?? found) : found
          // If the undo is a Run from the start, that Run must report why it was deferred.
          const end = isDecided ? await endPlanning(context, progress, fault) : undefined
          if (end !== undefined) return await finishAndReport(context, progress, end, faultOfEnd(end, false))
          if (isDecided && fault.kind === 'cancelled')
            return await finishAndReport(context, progress, { how: 'cancelled' }, fault)
          await discardRun(ports.database, context.lease.runId)
          throw fault === found ? error : fault
        } finally {
          await progress.close()
        }
      }
      try {
        const end = await deliverPlan(context, progress, plan)
        return await finishAndReport(context, progress, end, faultOfEnd(end, true))
      } finally {
        await progress.close()
      }
    },
  )
}

async function planUndo(
  context: RunContext,
  progress: RunProgress,
  undone: Pick<RunSummary, 'id' | 'groups'>,
): Promise<PlanToDeliver & { readonly undoPlan: UndoPlan }> {
  const { activation, ports, lease } = context
  const reached = (progress.link = await reachTarget(context, undone))
  await saveRunGroups(ports.database, lease.runId, reached.resolved.groups)
  if (context.remember) await collectJobs(context, progress, reached)
  else progress.notices.push(...(await noteJobsAtWork(ports.database, lease.activationId)))
  await progress.enter('comparing')
  const link = await waitForOthers(
    context,
    progress,
    { link: reached, fieldPlan: undefined },
    groupNamesOf(activation, undone),
  )
  let lines = 0
  let laterRun: number | null = null
  const reportLater = (run: number | null): void => {
    laterRun = Math.max(laterRun ?? 0, run ?? 0)
  }
  const invert = activation.object.group === undefined ? inverseRecords : inverseLinks
  const inverses = invert(context, link, { runId: undone.id, pageSize, reportLater })
  for await (const page of inverses) {
    if (ports.stop.aborted) throw new Fault('cancelled', 'Cancelled. Nothing was sent.', { code: 'cancelled' })
    await insertInverse(ports.database, lease.runId, lines + 1, page)
    lines += page.length
  }
  const counted = await countInverse(ports.database, lease.runId)
  const records = (kind: string, note: string | null) =>
    counted.find((group) => group.kind === kind && group.note === note)?.records ?? 0
  const [removes, adds, updates, restores] = [
    records('detach', null),
    records('attach', null),
    records('update', null),
    records('restore', null),
  ]
  const discards = records('archive', null) + records('delete', null)
  const planned = removes + adds + updates + discards + restores
  progress.counts = { ...progress.counts, planned }
  const undoPlan: UndoPlan = {
    run: lease.runId,
    undoes: undone.id,
    lines,
    removes,
    adds,
    updates,
    discards,
    restores,
    laterRun,
    cannotRestore: records('skip', 'cannot-restore'),
    nothingToDo: records('skip', 'nothing-to-do'),
    external: records('skip', 'external'),
    elsewhere: records('skip', 'wanted-elsewhere'),
    later: records('skip', 'later-run'),
    stateUnknown: (await countStateUnknown(ports.database, undone.id)) + records('skip', 'state-unknown'),
    groups: withoutAbsent(link.resolved.groups),
    notices: [...progress.notices, ...link.resolved.notices],
  }
  return { link, fieldPlan: undefined, lines, planned, undoPlan }
}

/** The Warehouse is not needed. The immutable settings must not have changed. */
async function reachTarget(
  { activation, ports, row, signal, lock }: RunContext,
  undone: Pick<RunSummary, 'groups'>,
): Promise<TargetLink> {
  const link = await openTarget(activation, ports, {
    activationId: row.id,
    signal,
    deadline: ports.now() + activation.timeLimitMs,
    lock,
  })
  try {
    if (row.immutableSettings !== null)
      rejectChangedSettings(
        activation,
        row.immutableSettings,
        immutableSettingsOf(activation, link),
        link.account.account,
      )
    const names = groupNamesOf(activation, undone)
    if (names === undefined) return link
    const settings = settingsNaming(activation, names)
    return { ...link, resolved: await activation.object.resolve(link.io, settings) }
  } catch (error) {
    await link.client.close()
    throw error
  }
}

/** The groups that the rows of the undone Run named. Undefined if the Activation names its groups itself. */
function groupNamesOf(activation: Activation, { groups }: Pick<RunSummary, 'groups'>): readonly string[] | undefined {
  return groupColumn(activation) === undefined ? undefined : withoutAbsent(groups).map(({ name }) => name)
}
