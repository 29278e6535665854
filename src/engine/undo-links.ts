import type { Change } from '../model/change.ts'
import type { Observed } from '../model/observed.ts'
import { invert } from '../rules/undo.ts'
import { readChanges, type InverseOperation } from '../store/ledger/link-changes.ts'
import type { Leaving } from '../store/snapshot/shared-links.ts'
import type { Activation } from './activation.ts'
import { addressAll, addressName, addressOf } from './lookup/addresses.ts'
import { keysByValue, type AddressedRecord } from './lookup/choose-index-lookup.ts'
import type { RunContext } from './run-context.ts'
import type { TargetLink } from './steps/open/open-connections.ts'
import { findDesiredElsewhere } from './steps/open/shared-groups.ts'
import type { RunToInvert } from './undo-records.ts'

/** The inverse of all that a Run did to links. */
export async function* inverseLinks(
  context: RunContext,
  link: TargetLink,
  { runId, pageSize, reportLater }: RunToInvert,
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
