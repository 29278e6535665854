import { Fault } from '../model/fault.ts'
import type { Change } from '../model/change.ts'
import type { Notice } from '../model/notice.ts'
import type { Observed } from '../model/observed.ts'
import type { Leaving } from '../store/snapshot/shared-links.ts'
import { groupPlan } from '../store/plans/plan-groups.ts'
import { enterStatus, discardRun, saveRunGroups, type RunSummary } from '../store/runs/runs.ts'
import {
  countInverse,
  countUntold,
  insertInverse,
  markAsUndo,
  readChanges,
  type InverseOperation,
} from '../store/ledger/link-changes.ts'
import { invert } from '../rules/undo.ts'
import type { Activation } from './activation.ts'
import { openTarget, type TargetLink } from './steps/open/open-connections.ts'
import type { DeliveryEnd } from './delivery/deliver.ts'
import { faultOfEnd } from './faults/planning-ended.ts'
import { immutableSettingsOf, rejectChangedSettings } from './steps/open/immutable-settings.ts'
import { addressAll, addressName, addressOf } from './lookup/addresses.ts'
import type { RunContext } from './run-context.ts'
import { lostLease } from './faults/lost-lease.ts'
import { openRun } from './steps/open/open-run.ts'
import { keysByValue, type AddressedRecord } from './lookup/choose-index-lookup.ts'
import { groupColumn, settingsNaming } from './steps/read/group-column.ts'
import { savePassPlan } from './steps/plan/save-plan.ts'
import { Pass } from './pass.ts'
import type { RunReport } from './run-report.ts'
import type { Ports } from './ports.ts'
import { asEngineFault } from './delivery/send-slice.ts'
import { findDesiredElsewhere } from './steps/open/shared-groups.ts'
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
  readonly forGood: number
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
  readonly untold: number
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
      const pass = new Pass(context)
      pass.notices.push(...notices)
      try {
        if (!(await approve(await planUndo(context, pass, undone))) || pass.counts.planned === 0) {
          await pass.close()
          await discardRun(ports.database, context.lease.runId)
          return undefined
        }
        if (!isDecided) await context.becomeRun()
        pass.groups = await groupPlan(ports.database, context.lease.runId)
        if (pass.link !== undefined) await savePassPlan(context, pass.link, pass.groups, [])
      } catch (error) {
        try {
          const found = asEngineFault(error)
          // The driver's error for a closed session is not a database fault, so it looks like a bug. The real cause is
          // the lost lease.
          const fault = found.kind === 'bug' ? (lostLease(context.signal) ?? found) : found
          // If the undo is a Run from the start, that Run must report why it was deferred.
          const end = isDecided ? await pass.cutShort(fault) : undefined
          if (end !== undefined) return await pass.report(end, faultOfEnd(end, false))
          if (isDecided && fault.kind === 'cancelled') return await pass.report({ how: 'cancelled' }, fault)
          await discardRun(ports.database, context.lease.runId)
          throw fault === found ? error : fault
        } finally {
          await pass.close()
        }
      }
      try {
        const end: DeliveryEnd = await pass.deliver()
        return await pass.report(end, faultOfEnd(end, true))
      } finally {
        await pass.close()
      }
    },
  )
}

async function planUndo(context: RunContext, pass: Pass, undone: Pick<RunSummary, 'id' | 'groups'>): Promise<UndoPlan> {
  const { activation, ports, lease } = context
  const link = (pass.link = await reachTarget(context, undone))
  await saveRunGroups(ports.database, lease.runId, link.resolved.groups)
  await enterStatus(ports.database, lease.runId, 'comparing')
  await pass.meetOthers(link)
  let laterRun: number | null = null
  const reportLater = (run: number | null): void => {
    laterRun = Math.max(laterRun ?? 0, run ?? 0)
  }
  const inverses =
    activation.object.group === undefined
      ? inverseRecords(context, link, { runId: undone.id, pageSize, reportLater })
      : inverseLinks(context, link, undone.id, reportLater)
  for await (const lines of inverses) {
    if (ports.stop.aborted) throw new Fault('cancelled', 'Cancelled. Nothing was sent.', { code: 'cancelled' })
    await insertInverse(ports.database, lease.runId, pass.lines + 1, lines)
    pass.lines += lines.length
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
  pass.counts = { ...pass.counts, planned: removes + adds + updates + discards + restores }
  return {
    run: lease.runId,
    undoes: undone.id,
    lines: pass.lines,
    removes,
    adds,
    updates,
    discards,
    restores,
    laterRun,
    forGood: records('skip', 'for-good'),
    nothingToDo: records('skip', 'nothing-to-do'),
    external: records('skip', 'external'),
    elsewhere: records('skip', 'wanted-elsewhere'),
    later: records('skip', 'later-run'),
    untold: (await countUntold(ports.database, undone.id)) + records('skip', 'untold'),
    groups: link.resolved.groups,
    notices: [...pass.notices, ...link.resolved.notices],
  }
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
    if (groupColumn(activation) === undefined) return link
    const settings = settingsNaming(
      activation,
      undone.groups.map(({ name }) => name),
    )
    return { ...link, resolved: await activation.object.resolve(link.io, activation.target.config, settings) }
  } catch (error) {
    await link.client.close()
    throw error
  }
}

async function* inverseLinks(
  context: RunContext,
  link: TargetLink,
  runId: number,
  reportLater: (run: number | null) => void,
): AsyncGenerator<InverseOperation[]> {
  const { activation, ports, lease } = context
  const forgetsWhenDone = activation.behavior.plan.added === 'detach' ? 'attach' : 'detach'
  for await (const changes of readChanges(ports.database, lease.activationId, runId, pageSize)) {
    const records = [...new Map(changes.map((change) => [addressName(change), change])).values()]
    const seen = await readCurrentGroups(context, link, records)
    const leaving = new Map(
      changes.filter(({ kind }) => kind === 'attach').map((change) => [addressName(change), change]),
    )
    const desiredElsewhere = await findDesiredElsewhere(
      context,
      link,
      [...leaving.values()].map((change) => leavingOf(activation, change, seen.get(addressName(change)))),
    )
    yield changes.map((change): InverseOperation => {
      const { key, group } = change
      const inverse = invert(
        change,
        seen.get(addressName(change))?.groups ?? null,
        desiredElsewhere.get(key)?.has(group),
      )
      if (inverse === 'later-run') reportLater(change.laterRun)
      const isAddressedByKey =
        (activation.fallbacks ?? []).length === 0 &&
        addressOf(activation, change)?.field === activation.identifier.field
      const line = { key, group, targetId: isAddressedByKey ? null : change.targetId }
      return inverse === 'attach' || inverse === 'detach'
        ? { ...line, kind: inverse, note: null, forgetsWhenDone: inverse === forgetsWhenDone }
        : { ...line, kind: 'skip' as const, note: inverse, forgetsWhenDone: false }
    })
  }
}

/** All names by which other Activations may know the target record. */
function leavingOf(activation: Activation, { key, targetId }: Change, seen: Observed | undefined): Leaving {
  const address = addressOf(activation, { key, targetId })
  const names = [...(address === undefined || address.field === 'id' ? [] : [address]), ...(seen?.identities ?? [])]
  return { key, targetId: seen?.targetId ?? targetId ?? (address?.field === 'id' ? address.value : null), names }
}

async function readCurrentGroups(
  { activation }: RunContext,
  link: TargetLink,
  changes: readonly Change[],
): Promise<Map<string, Observed>> {
  const seen = new Map<string, Observed>()
  const targetRecords = [...(await addressAll(activation, link, changes))].map(([key, identity]): AddressedRecord => ({
    key,
    identity,
  }))
  const keysOf = keysByValue(targetRecords)
  for await (const observed of activation.object.read(
    link.io,
    link.resolved.ready,
    targetRecords.map((targetRecord) => targetRecord.identity),
  )) {
    for (const key of keysOf(observed.identity)) seen.set(key, observed)
  }
  return seen
}
