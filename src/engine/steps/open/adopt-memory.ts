import { Fault } from '../../../model/fault.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import { findActivation, type Frozen } from '../../../store/project/activations.ts'
import { adoptSnapshot, handOver, hasSnapshot, type TakenOverRecord } from '../../../store/snapshot/adopt-snapshot.ts'
import { lockActivation } from '../../../store/runs/activation-lock.ts'
import { identityOfKey } from '../../lookup/addresses.ts'
import type { TargetLink } from './open-connections.ts'
import { openFindTargetRecords } from '../../lookup/find-target-records.ts'
import { frozenForm, frozenIdentifier, sameGroups } from './frozen-settings.ts'
import type { RunContext } from '../../run-context.ts'
import { identitiesOf } from '../../delivery/send-slice.ts'

/**
 * At its first Run an Activation may take over the memory of another one: what is ours there is ours here, by the things themselves
 * rather than by what they were called. This is how an identifier changes. While only a Plan is made, the other one keeps its memory. Returns what a person should know.
 */
export async function adoptMemory(context: RunContext, link: TargetLink, stage: string): Promise<Notice[]> {
  const { activation, ports, row, remember } = context
  const { adopts } = activation
  if (adopts === undefined || row.adopted) return []
  if (row.frozen !== null && await hasSnapshot(ports.database, row.id)) {
    throw refuse(context, 'it has one of its own by now', 'Leave out adopts, or give the Activation a new name.')
  }
  const old = await findActivation(ports.database, adopts)
  if (old === undefined || old.frozen === null) throw refuse(context, `there is no memory of an Activation "${adopts}"`, 'Name the Activation as it was called, or leave out adopts.')
  if (old.adoptedBy !== null && old.adoptedBy !== activation.name) throw refuse(context, `the memory of "${adopts}" was taken over by "${old.adoptedBy}"`, 'Leave out adopts.')
  const difference = differs(old.frozen, frozenForm(activation, link))
  if (difference !== undefined) throw refuse(context, `"${adopts}" ${difference}`, 'Only the identifier, the query and the mapping may differ from the Activation whose memory is taken over.')
  const oldIdentifier = old.frozen.identifier
  const lock = await lockActivation(ports.database, old.id, adopts)
  try {
    const adopted = await adoptSnapshot(ports.database, { from: old.id, to: row.id, stage, byKey: isKeyed(context, oldIdentifier) }, (records) => targetRecordsOf(context, link, records, oldIdentifier))
    if (remember) await handOver(ports.database, old.id, row.id)
    return [notice('memory-adopted', `Took over the memory of "${adopts}": ${adopted} of its records are known by ${activation.identifier.field} now.`, { from: adopts, records: adopted })]
  } finally {
    await lock.release()
  }
}

/** Whether the old Activation's Keys are what its calls named things by: else it knows them by the target record's own id. */
function isKeyed({ activation: { object } }: RunContext, identifier: string): boolean {
  const known = object.identifiers.find(({ field }) => field === identifier)
  return known !== undefined && known.found !== true
}

/** The target record of each staged Record, and what it is called by the old Activation's identifier. */
async function targetRecordsOf(
  context: RunContext, link: TargetLink, records: readonly { readonly key: string; readonly identities: string | null }[], oldIdentifier: string,
): Promise<Map<string, TakenOverRecord>> {
  const { activation } = context
  const field = activation.identifier.field
  const oldIsKeyed = isKeyed(context, oldIdentifier)
  if (isKeyed(context, frozenIdentifier(activation)) && (frozenIdentifier(activation) === oldIdentifier || (field === 'id' && !oldIsKeyed))) {
    return new Map(records.map(({ key }) => [key, { id: field === 'id' ? key : null, name: key }]))
  }
  const finder = await openFindTargetRecords(context, link)
  const sought = records.map(({ key, identities }) => ({ key, targetId: null, identities: identities === null ? [identityOfKey(activation, key)] : identitiesOf({ key, identities }, field) }))
  const found = await finder.find(sought)
  return new Map([...found].flatMap(([key, { matches: [only, ...more] }]): [string, TakenOverRecord][] => {
    if (only === undefined || more.length > 0) return []
    return [[key, { id: only.targetId, name: oldIdentifier === 'id' ? only.targetId : String(only.fields[oldIdentifier] ?? '') }]]
  }))
}

function differs(was: Frozen, is: Frozen): string | undefined {
  if (was.accountId !== is.accountId) return `writes to another account (${was.accountId})`
  if (was.object !== is.object) return `writes to ${was.object}, not to ${is.object}`
  if (was.behavior !== is.behavior) return `has the behavior ${was.behavior}, not ${is.behavior}`
  return sameGroups(was.groups, is.groups) ? undefined : 'concerns other tags'
}

function refuse({ activation }: RunContext, why: string, advice: string): Fault {
  return new Fault('config', `This Activation cannot take over a memory: ${why}.`, { code: 'cannot-adopt', where: `activation "${activation.name}", adopts`, advice })
}
