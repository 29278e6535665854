import type { WarehouseSession } from '../../connect/warehouse.ts'
import type { Column } from '../../model/row.ts'
import { saveImmutableSettings } from '../../store/project/activations.ts'
import { saveRunGroups } from '../../store/runs/runs.ts'
import { collectJobs } from '../delivery/collect-jobs.ts'
import { openReadMemory } from '../lookup/remember-reads.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import { immutableSettingsOf, knowsAllIds, rejectChangedSettings } from './open/immutable-settings.ts'
import { openTarget, openWarehouse, type TargetLink } from './open/open-connections.ts'
import { mapFields, type MappingPlan, mappingNotices } from './read/map-fields.ts'

/** Both ends of a Run. */
export interface OpenConnections {
  /** The caller closes it. */
  readonly session: WarehouseSession
  /** Columns of the query. */
  readonly columns: readonly Column[]
  readonly link: TargetLink
  /** Which column goes to which Field. Undefined for objects without Fields. */
  readonly fieldPlan: MappingPlan | undefined
}

/** Opens both connections in parallel, and checks that the immutable settings did not change. */
export async function openConnections(context: RunContext, progress: RunProgress): Promise<OpenConnections> {
  const { activation, ports, row, signal, lock } = context
  const [warehouse, target] = await Promise.allSettled([
    openWarehouse(activation, ports, progress.readSignal),
    openTarget(activation, ports, { activationId: row.id, signal, deadline: progress.deadline, lock }),
  ])
  if (target.status === 'fulfilled') progress.link = target.value
  if (warehouse.status === 'rejected') throw warehouse.reason
  const { session, columns } = warehouse.value
  try {
    if (target.status === 'rejected') throw target.reason
    const fieldPlan = mapFields(activation, columns, target.value)
    const link = fieldPlan === undefined ? target.value : creatingFields(target.value, fieldPlan)
    progress.link = link
    await saveSettings(context, target.value)
    progress.notices.push(...target.value.resolved.notices)
    if (fieldPlan !== undefined) progress.notices.push(...(await mappingNotices(context, fieldPlan)))
    if (context.remember) {
      const { accountId } = link.account
      await collectJobs(context, progress, link)
      progress.reads = await openReadMemory(ports.database, {
        activationId: row.id,
        account: accountId,
        now: ports.now,
      })
    }
    return { session, columns, link, fieldPlan }
  } catch (error) {
    await session.close()
    throw error
  }
}

function creatingFields(link: TargetLink, { toCreate }: MappingPlan): TargetLink {
  return { ...link, resolved: { ...link.resolved, toCreate: toCreate.map(({ name, type }) => `${name} (${type})`) } }
}

async function saveSettings({ activation, ports, row, remember, lease }: RunContext, link: TargetLink): Promise<void> {
  const settings = immutableSettingsOf(activation, link)
  if (row.immutableSettings !== null)
    rejectChangedSettings(activation, row.immutableSettings, settings, link.account.account)
  if (remember && (row.immutableSettings === null || knowsAllIds(row.immutableSettings, settings)))
    await saveImmutableSettings(ports.database, row.id, settings)
  if (link.resolved.groups.length > 0) await saveRunGroups(ports.database, lease.runId, link.resolved.groups)
}
