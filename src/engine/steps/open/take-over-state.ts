import { Fault } from '../../../model/fault.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import { findActivation, type ImmutableSettings } from '../../../store/project/activations.ts'
import {
  takeOverSnapshot,
  handOver,
  hasSnapshot,
  type TakenOverRecord,
} from '../../../store/snapshot/take-over-snapshot.ts'
import { readBatchesAtWork } from '../../../store/snapshot/job-tickets.ts'
import { lockActivation } from '../../../store/runs/activation-lock.ts'
import { identityOfKey } from '../../lookup/addresses.ts'
import type { TargetLink } from './open-connections.ts'
import { openFindTargetRecords } from '../../lookup/find-target-records.ts'
import { immutableSettingsOf, identifierFields, sameGroups } from './immutable-settings.ts'
import type { RunContext } from '../../run-context.ts'
import { identitiesOf } from '../../delivery/send-slice.ts'

/**
 * At its first Run an Activation may take over the state of another one: what that one manages is managed here, matched
 * by target record instead of by identifier. This is how an identifier changes. A Plan leaves the state with the other
 * one. Returns notices for the report.
 */
export async function takeOverState(context: RunContext, link: TargetLink, stage: string): Promise<Notice[]> {
  const { activation, ports, row, remember } = context
  const { adopts } = activation
  if (adopts === undefined || row.hasTakenOver) return []
  if (row.immutableSettings !== null && (await hasSnapshot(ports.database, row.id))) {
    throw reject(context, 'it has state of its own', 'Remove adopts, or give the Activation a new name.')
  }
  const old = await findActivation(ports.database, adopts)
  if (old === undefined || old.immutableSettings === null)
    throw reject(
      context,
      `there is no state of an Activation "${adopts}"`,
      'Write the name under which that Activation ran, or remove adopts.',
    )
  if (old.takenOverBy !== null && old.takenOverBy !== activation.name)
    throw reject(context, `the state of "${adopts}" was taken over by "${old.takenOverBy}"`, 'Remove adopts.')
  const difference = differs(old.immutableSettings, immutableSettingsOf(activation, link))
  if (difference !== undefined)
    throw reject(
      context,
      `"${adopts}" ${difference}`,
      'Only the identifier, the query and the mapping can differ from the Activation whose state is taken over.',
    )
  const oldIdentifier = old.immutableSettings.identifier
  const lock = await lockActivation(ports.database, old.id, adopts)
  try {
    if ((await readBatchesAtWork(ports.database, old.id)).length > 0)
      throw reject(
        context,
        `the Target still works on records of "${adopts}"`,
        `Run "${adopts}" once more: that Run collects the results.`,
      )
    const takenOver = await takeOverSnapshot(
      ports.database,
      { from: old.id, to: row.id, stage, byKey: isKeyed(context, oldIdentifier) },
      (records) => targetRecordsOf(context, link, records, oldIdentifier),
    )
    if (remember) await handOver(ports.database, old.id, row.id)
    return [
      notice(
        'memory-adopted',
        `Took over the state of "${adopts}": ${takenOver} of its records are now identified by ${activation.identifier.field}.`,
        { from: adopts, records: takenOver },
      ),
    ]
  } finally {
    await lock.release()
  }
}

/**
 * Whether the old Activation's Keys are the identifiers that its calls used. Otherwise it knows the target records by
 * their own ids.
 */
function isKeyed({ activation: { object } }: RunContext, identifier: string): boolean {
  const known = object.identifiers.find(({ field }) => field === identifier)
  return known !== undefined && known.found !== true
}

/** The target record of each staged Record, and its value of the old Activation's identifier. */
async function targetRecordsOf(
  context: RunContext,
  link: TargetLink,
  records: readonly { readonly key: string; readonly identities: string | null }[],
  oldIdentifier: string,
): Promise<Map<string, TakenOverRecord>> {
  const { activation } = context
  const field = activation.identifier.field
  const oldIsKeyed = isKeyed(context, oldIdentifier)
  if (
    isKeyed(context, identifierFields(activation)) &&
    (identifierFields(activation) === oldIdentifier || (field === 'id' && !oldIsKeyed))
  ) {
    return new Map(records.map(({ key }) => [key, { id: field === 'id' ? key : null, name: key }]))
  }
  const finder = await openFindTargetRecords(context, link)
  const sought = records.map(({ key, identities }) => ({
    key,
    targetId: null,
    identities: identities === null ? [identityOfKey(activation, key)] : identitiesOf({ key, identities }, field),
  }))
  const found = await finder.find(sought)
  return new Map(
    [...found].flatMap(
      ([
        key,
        {
          matches: [only, ...more],
        },
      ]): [string, TakenOverRecord][] => {
        if (only === undefined || more.length > 0) return []
        return [
          [
            key,
            {
              id: only.targetId,
              name: oldIdentifier === 'id' ? only.targetId : String(only.fields[oldIdentifier] ?? ''),
            },
          ],
        ]
      },
    ),
  )
}

function differs(was: ImmutableSettings, is: ImmutableSettings): string | undefined {
  if (was.accountId !== is.accountId) return `writes to another account (${was.accountId})`
  if (was.object !== is.object) return `writes to ${was.object}, not to ${is.object}`
  if (was.behavior !== is.behavior) return `has the behavior ${was.behavior}, not ${is.behavior}`
  return sameGroups(was.groups, is.groups) ? undefined : 'has other tags'
}

function reject({ activation }: RunContext, why: string, advice: string): Fault {
  return new Fault('config', `This Activation cannot take over the state of another: ${why}.`, {
    code: 'cannot-adopt',
    where: `activation "${activation.name}", adopts`,
    advice,
  })
}
