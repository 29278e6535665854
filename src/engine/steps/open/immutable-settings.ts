import { Fault } from '../../../model/fault.ts'
import type { ImmutableSettings } from '../../../store/project/activations.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from './open-connections.ts'
import { groupColumn } from '../read/group-column.ts'

/** The identifier fields of Records, the first one first, fall-backs included. */
export function identifierFields({ identifier, fallbacks = [] }: Pick<Activation, 'identifier' | 'fallbacks'>): string {
  return [identifier, ...fallbacks].map(({ field }) => field).join(', ')
}

/** The Activation's current immutable settings. */
export function immutableSettingsOf(activation: Activation, link: TargetLink): ImmutableSettings {
  const column = groupColumn(activation)
  return {
    accountId: link.account.accountId,
    object: activation.object.id,
    behavior: activation.behavior.id,
    identifier: identifierFields(activation),
    groups:
      column === undefined
        ? link.resolved.groups.map(({ name, id }) => ({ name, id, ...(id === null && { isNew: true }) }))
        : [{ name: `column ${column.column}`, id: null }],
  }
}

/** Whether groups that did not exist yet have ids by now, whoever created them. */
export function knowsAllIds(was: ImmutableSettings, is: ImmutableSettings): boolean {
  return was.groups.some(({ id }) => id === null) && is.groups.every(({ id }) => id !== null)
}

/**
 * The Snapshot says what the Target holds because of this Activation. With another account, object, behavior,
 * identifier or other groups it would describe something else, so these are immutable: only the query may change.
 */
export function rejectChangedSettings(
  activation: Activation,
  was: ImmutableSettings,
  is: ImmutableSettings,
  account: string,
): void {
  const changes: string[] = []
  if (was.accountId !== is.accountId)
    changes.push(`it wrote to account ${was.accountId}, and the token now belongs to ${is.accountId} (${account})`)
  if (was.object !== is.object) changes.push(`its object was ${was.object} and is now ${is.object}`)
  if (was.behavior !== is.behavior) changes.push(`its behavior was ${was.behavior} and is now ${is.behavior}`)
  if (was.identifier !== is.identifier) changes.push(`its identifier was ${was.identifier} and is now ${is.identifier}`)
  if (!sameGroups(was.groups, is.groups))
    changes.push(
      `its ${activation.object.group?.setting ?? 'members'} were ${names(was.groups)} and are now ${names(is.groups)}`,
    )
  if (changes.length === 0) return
  throw new Fault('usage', `Only the query of an Activation can change: ${changes.join('; ')}.`, {
    code: 'activation-frozen',
    where: `activation "${activation.name}"`,
    advice: 'Give the changed Activation a new name, so that it starts with empty state. Or undo the change.',
  })
}

/** Why each immutable key of tailrace.yaml may not change. `setting`: the key that names the object's groups. */
export function immutableReasons(
  immutableSettings: ImmutableSettings,
  setting: string | undefined,
): Readonly<Record<string, string>> {
  return {
    target: `Its state belongs to account ${immutableSettings.accountId}.`,
    object: `Its state belongs to the object ${immutableSettings.object}.`,
    behavior: `Its state belongs to the behavior ${immutableSettings.behavior}.`,
    identifier: `Its state belongs to the identifier ${immutableSettings.identifier}.`,
    ...(setting !== undefined && { [setting]: `Its state belongs to ${names(immutableSettings.groups)}.` }),
  }
}

/** Compares by id, or by name if a group did not exist yet when the settings were saved. */
export function sameGroups(was: ImmutableSettings['groups'], is: ImmutableSettings['groups']): boolean {
  const form = (groups: ImmutableSettings['groups']) =>
    JSON.stringify(groups.map((group) => group.id ?? `name:${group.name.toLowerCase()}`).sort())
  const byName = (groups: ImmutableSettings['groups']) =>
    JSON.stringify(groups.map((group) => group.name.toLowerCase()).sort())
  return form(was) === form(is) || (was.some((group) => group.id === null) && byName(was) === byName(is))
}

function names(groups: ImmutableSettings['groups']): string {
  return groups.map((group) => `"${group.name}"`).join(', ')
}
