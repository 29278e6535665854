import { Fault } from '../../model/fault.ts'
import type { Observed } from '../../model/observed.ts'
import type { Identity } from '../../model/record.ts'
import type { Activation } from '../activation.ts'
import { addressAll, type Known } from './addresses.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { keysByValue, type AddressedRecord } from './choose-index-lookup.ts'
import { asEngineFault } from '../delivery/send-slice.ts'

const groupSize = 100
/** After this many groups in a row without an answer the Target counts as down: do not wait for the rest. */
const troubledGroupsInARow = 3

/**
 * Current state of these Records' target records, by direct reads; by `addressName`. Leaves out what cannot be read now,
 * may not be read, or is not found by its identifier. Throws faults that concern the whole Connection (auth, cancelled, bug).
 */
export async function readCurrent(
  activation: Activation,
  link: TargetLink,
  records: readonly Known[],
): Promise<Map<string, Observed>> {
  const addresses = await addressAll(activation, link, records)
  const targetRecords = [...addresses].map(([key, identity]): AddressedRecord => ({ key, identity }))
  const keysOf = keysByValue(targetRecords)
  const seen = new Map<string, Observed>()
  let troubled = 0
  const read = async (group: readonly Identity[]): Promise<void> => {
    const open = group.filter((identity) => !seen.has(keysOf(identity)[0] ?? ''))
    try {
      for await (const observed of activation.object.read(link.io, link.resolved.ready, open)) {
        for (const key of keysOf(observed.identity)) seen.set(key, observed)
      }
      troubled = 0
    } catch (error) {
      const fault = asEngineFault(error)
      if (fault.kind === 'transient') troubled += 1
      else if (fault.kind !== 'config' && fault.kind !== 'blocked') throw fault
      else if (open.length > 1) {
        // One of them may not be read. Halving isolates it, so that only this one stays unread.
        const middle = Math.ceil(open.length / 2)
        await read(open.slice(0, middle))
        await read(open.slice(middle))
      }
    }
  }
  const identities = targetRecords.map(({ identity }) => identity)
  for (let at = 0; at < identities.length && troubled < troubledGroupsInARow; at += groupSize) {
    if (link.io.signal.aborted) throw new Fault('cancelled', 'Cancelled.', { code: 'cancelled' })
    await read(identities.slice(at, at + groupSize))
  }
  return seen
}
