import { nearestNames } from '../../model/nearest-names.ts'
import type { Field } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import { foldCase } from '../identify.ts'
import { fieldSource, type FieldSource, type NoSource } from './field-source.ts'
import type { MappingRequest } from './mapping-request.ts'
import type { Step } from './step.ts'
import { valuePath, type NoWay } from './value-path.ts'

/** How one Field gets its values: the source of the text, and the steps to the Field's value. */
export interface FieldPlan {
  readonly source: FieldSource
  readonly path: Step
}

/** The plan of one mapped Field, or why no value can ever be mapped this way. */
export function planField(
  mapped: MappedField,
  field: Field,
  { columns, identifiers }: MappingRequest,
): FieldPlan | NoSource | NoWay {
  const source = fieldSource(mapped, columns, field.type, (column) =>
    noColumn(
      column,
      columns.map(({ name }) => name),
    ),
  )
  if ('why' in source) return source
  const folds = identifiers.some((identifier) => identifier.field === field.name && identifier.fold === true)
  // An identifier that the Target compares without case is sent in the form in which it is compared.
  const reading = folds && source.kind === 'text' ? { ...source, steps: [...source.steps, foldCase] } : source
  const path = valuePath(reading, mapped.clean, mapped.as ?? source.as, field)
  return 'why' in path ? path : { source, path }
}

function noColumn(column: string, columns: readonly string[]): NoSource {
  const near = columns.find((name) => name.toLowerCase() === column.toLowerCase())
  const [like = near] = near === undefined ? nearestNames(column, columns) : []
  const list = `The query returns ${columns.map((name) => `"${name}"`).join(', ')}.`
  return {
    code: 'column-not-found',
    column,
    why: 'is not returned by the query',
    advice:
      near !== undefined
        ? `Write "${near}": names are case-sensitive.`
        : like === undefined
          ? list
          : `Did you mean "${like}"? ${list}`,
  }
}
