import { notice, type Notice } from '../../../model/notice.ts'
import type { Activation } from '../../activation.ts'
import { groupColumn } from '../read/group-column.ts'

/** How many other Activations are named for each shared group or field. */
const namedOthers = 3

/** Notices about Activations in the same config that write to the same group or field of the same target, by name. */
export function sharedInConfig(activation: Activation, others: readonly Activation[]): Notice[] {
  const meeting = others.filter(
    (other) =>
      other.name !== activation.name &&
      other.target.name === activation.target.name &&
      other.object.id === activation.object.id,
  )
  const isLinks = activation.object.group !== undefined
  const byWhat = Map.groupBy(meeting, (other) =>
    isLinks ? sharedGroups(activation, other) : sharedFields(activation, other),
  )
  return [...byWhat].flatMap(([what, sharers]) => {
    if (what === undefined) return []
    const names = sharers.slice(0, namedOthers).map(({ name, behavior }) => `"${name}" (${behavior.id})`)
    const more = sharers.length - names.length
    return [
      notice(
        isLinks ? 'shared-group' : 'shared-field',
        `"${activation.name}" writes ${what} of the same ${activation.object.noun.many} as ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
        { activations: sharers.length },
      ),
    ]
  })
}

/** In words. Undefined if the list is empty. */
export function fieldWords(fields: readonly string[]): string | undefined {
  return fields.length === 0 ? undefined : `the field${fields.length === 1 ? '' : 's'} ${fields.join(', ')}`
}

function sharedFields(one: Activation, other: Activation): string | undefined {
  const fields = new Set(other.mapping?.fields.map(({ field }) => field))
  return fieldWords(one.mapping?.fields.map(({ field }) => field).filter((field) => fields.has(field)) ?? [])
}

function sharedGroups(one: Activation, other: Activation): string | undefined {
  const { group } = one.object
  if (group === undefined) return undefined
  if (groupColumn(one) !== undefined || groupColumn(other) !== undefined)
    return `${group.noun.one} names from rows, perhaps the same ones`
  const fold = (name: string) => (group.matchCase === true ? name : name.toLowerCase())
  const names = new Set(namesOf(other).map(fold))
  const shared = namesOf(one).filter((name) => names.has(fold(name)))
  return shared.length === 0 ? undefined : `the ${group.noun.one} ${shared.map((name) => `"${name}"`).join(', ')}`
}

function namesOf({ object, settings }: Activation): readonly string[] {
  const names = (settings as Readonly<Record<string, unknown>>)[object.group?.setting ?? '']
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}
