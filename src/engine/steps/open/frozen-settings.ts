import { Fault } from '../../../model/fault.ts'
import type { Frozen } from '../../../store/project/activations.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from './open-connections.ts'
import { groupColumn } from '../read/group-column.ts'

/** The identifiers by which Records are called, the first one first: fall-backs are part of it. */
export function frozenIdentifier({ identifier, fallbacks = [] }: Pick<Activation, 'identifier' | 'fallbacks'>): string {
  return [identifier, ...fallbacks].map(({ field }) => field).join(', ')
}

/** What this Activation is now, in the form in which it is frozen. */
export function frozenForm(activation: Activation, link: TargetLink): Frozen {
  const column = groupColumn(activation)
  return {
    accountId: link.account.accountId,
    object: activation.object.id,
    behavior: activation.behavior.id,
    identifier: frozenIdentifier(activation),
    groups: column === undefined ? link.resolved.groups.map(({ name, id }) => ({ name, id, ...id === null && { isNew: true } })) : [{ name: `column ${column.column}`, id: null }],
  }
}

/** Whether members that were yet to be created have their ids by now, whoever created them. */
export function tellsIds(was: Frozen, is: Frozen): boolean {
  return was.groups.some(({ id }) => id === null) && is.groups.every(({ id }) => id !== null)
}

/**
 * The Snapshot says what the Target holds because of this Activation. If its account, object, behaviour, identifier or tags
 * changed under the same name, the Snapshot would speak of something else: so these are frozen, and only the query may change.
 */
export function refuseThaw(activation: Activation, was: Frozen, is: Frozen, account: string): void {
  const changes: string[] = []
  if (was.accountId !== is.accountId) changes.push(`it wrote to account ${was.accountId}, and the token now belongs to ${is.accountId} (${account})`)
  if (was.object !== is.object) changes.push(`its object was ${was.object} and is now ${is.object}`)
  if (was.behavior !== is.behavior) changes.push(`its behavior was ${was.behavior} and is now ${is.behavior}`)
  if (was.identifier !== is.identifier) changes.push(`its identifier was ${was.identifier} and is now ${is.identifier}`)
  if (!sameGroups(was.groups, is.groups)) changes.push(`its ${activation.object.group?.setting ?? 'members'} were ${names(was.groups)} and are now ${names(is.groups)}`)
  if (changes.length === 0) return
  throw new Fault('usage', `Only the query of an Activation may change: ${changes.join('; ')}.`, {
    code: 'activation-frozen', where: `activation "${activation.name}"`,
    advice: 'Give the changed Activation a new name: it then starts with a memory of its own. Or change it back.',
  })
}

/** What may no longer change in tailrace.yaml, by key, and why. `setting`: where the object's members are named. */
export function frozenReasons(frozen: Frozen, setting: string | undefined): Readonly<Record<string, string>> {
  return {
    target: `It remembers what it put into account ${frozen.accountId}.`,
    object: `It remembers what it did to each ${frozen.object}.`,
    behavior: `What it remembers was done by ${frozen.behavior}.`,
    identifier: `What it remembers is known by ${frozen.identifier}.`,
    ...setting !== undefined && { [setting]: `What it remembers is about ${names(frozen.groups)}.` },
  }
}

/** By their ids; by their names, where one was yet to be created when it was frozen. */
export function sameGroups(was: Frozen['groups'], is: Frozen['groups']): boolean {
  const form = (groups: Frozen['groups']) => JSON.stringify(groups.map((group) => group.id ?? `name:${group.name.toLowerCase()}`).sort())
  const byName = (groups: Frozen['groups']) => JSON.stringify(groups.map((group) => group.name.toLowerCase()).sort())
  return form(was) === form(is) || (was.some((group) => group.id === null) && byName(was) === byName(is))
}

function names(groups: Frozen['groups']): string {
  return groups.map((group) => `"${group.name}"`).join(', ')
}
