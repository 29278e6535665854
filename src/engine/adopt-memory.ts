import { Fault } from '../model/fault.ts'
import { findActivation, type Frozen } from '../store/activations.ts'
import { adoptSnapshot, handOver, hasSnapshot } from '../store/adopt.ts'
import { lockActivation } from '../store/lock.ts'
import { identityOfKey, needsFinding } from './addresses.ts'
import type { TargetLink } from './connections.ts'
import { openFindThings } from './find-things.ts'
import { frozenForm } from './frozen.ts'
import type { Held } from './held.ts'
import { identitiesOf } from './send-slice.ts'

/**
 * At its first Run an Activation may take over the memory of another one: what is ours there is ours here, by the things themselves
 * rather than by what they were called. This is how an identifier changes. While only a Plan is made, the other one keeps its memory. Returns what a person should know.
 */
export async function adoptMemory(held: Held, link: TargetLink, stage: string): Promise<string[]> {
  const { activation, ports, row, remember } = held
  const { adopts } = activation
  if (adopts === undefined || row.adopted) return []
  if (row.frozen !== null && await hasSnapshot(ports.database, row.id)) {
    throw refuse(held, 'it has one of its own by now', 'Leave out adopts, or give the Activation a new name.')
  }
  const old = await findActivation(ports.database, adopts)
  if (old === undefined || old.frozen === null) throw refuse(held, `there is no memory of an Activation "${adopts}"`, 'Name the Activation as it was called, or leave out adopts.')
  if (old.adoptedBy !== null && old.adoptedBy !== activation.name) throw refuse(held, `the memory of "${adopts}" was taken over by "${old.adoptedBy}"`, 'Leave out adopts.')
  const difference = differs(old.frozen, frozenForm(activation, link))
  if (difference !== undefined) throw refuse(held, `"${adopts}" ${difference}`, 'Only the identifier, the query and the mapping may differ from the Activation whose memory is taken over.')
  const lock = await lockActivation(ports.database, old.id, adopts)
  try {
    const adopted = await adoptSnapshot(ports.database, { from: old.id, to: row.id, stage, keysAreIds: old.frozen.identifier === 'id' }, (records) => thingsOf(held, link, records))
    if (remember) await handOver(ports.database, old.id, row.id)
    return [`Took over the memory of "${adopts}": ${adopted} of its records are known by ${activation.identifier.field} now.`]
  } finally {
    await lock.release()
  }
}

async function thingsOf(held: Held, link: TargetLink, records: readonly { readonly key: string; readonly identities: string | null }[]): Promise<Map<string, string>> {
  const { activation } = held
  const field = activation.identifier.field
  const { find } = activation.object
  if (field === 'id' || (find === undefined && !needsFinding(activation))) return new Map(records.map(({ key }) => [key, key]))
  const finder = await openFindThings(held, link)
  const sought = records.map(({ key, identities }) => ({ key, targetId: null, identities: identities === null ? [identityOfKey(activation, key)] : identitiesOf({ key, identities }, field) }))
  const found = await finder.find(sought)
  return new Map([...found].flatMap(([key, { matches }]): [string, string][] => matches.length === 1 && matches[0] !== undefined ? [[key, matches[0].targetId]] : []))
}

function differs(was: Frozen, is: Frozen): string | undefined {
  if (was.accountId !== is.accountId) return `writes to another account (${was.accountId})`
  if (was.object !== is.object) return `writes to ${was.object}, not to ${is.object}`
  if (was.behavior !== is.behavior) return `has the behavior ${was.behavior}, not ${is.behavior}`
  const ids = ({ members }: Frozen) => members.map(({ id, name }) => id ?? name).sort().join()
  return ids(was) === ids(is) ? undefined : 'concerns other tags'
}

function refuse({ activation }: Held, why: string, advice: string): Fault {
  return new Fault('config', `This Activation cannot take over a memory: ${why}.`, { code: 'cannot-adopt', where: `activation "${activation.name}", adopts`, advice })
}
