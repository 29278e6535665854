import type { Field } from '../../model/field.ts'
import { nearestNames } from '../../model/nearest-names.ts'
import { shortName } from './auto-map.ts'
import type { MappingProblem } from './mapping-problem.ts'

/** How many names a message shows. */
const namedFields = 5

/** The Field of exactly this name; otherwise a problem that names similar Fields. */
export function findField(name: string, fields: readonly Field[]): Field | MappingProblem {
  const field = fields.find((each) => each.name === name)
  if (field !== undefined) return field
  const writable = fields.filter((each) => each.writable).map((each) => each.name)
  const meant = writable.filter(
    (each) => shortName(each).toLowerCase() === name.toLowerCase() || each.toLowerCase() === name.toLowerCase(),
  )
  const near = meant.length > 0 ? meant : nearestNames(name, writable).slice(0, namedFields)
  const list = near.map((each) => `"${each}"`).join(' or ')
  return {
    field: name,
    code: 'field-not-found',
    message: `The Target has no Field "${name}".`,
    advice:
      near.length === 0
        ? 'Correct its name, or create it in the Target.'
        : meant.length > 0
          ? `Write ${list}.`
          : `Did you mean ${list}? If not, create it in the Target.`,
  }
}
