import { Fault } from '../model/fault.ts'

/**
 * Fault: groups that this Run was to create exist by now. It is unknown who created them and who was added since.
 * `noun` is the object's word for a group, for example "tag".
 */
export function groupsAppeared(noun: string, names: readonly string[]): Fault {
  const which = names.map((name) => `"${name}"`).join(', ')
  return new Fault(
    'transient',
    `${names.length === 1 ? `The ${noun} ${which} was to be created and exists` : `The ${noun}s ${which} were to be created and exist`} now.`,
    {
      code: 'group-appeared',
      advice: 'Plan or run it again. Tailrace then reads what is already in place, and does not treat it as managed.',
    },
  )
}
