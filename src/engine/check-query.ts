import type { Column } from '../model/row.ts'
import { Fault } from '../model/fault.ts'
import type { Activation, IdentifiedBy } from './activation.ts'

/** The query must return the columns of all identifiers, of types that can identify. What Fields take is checked against the Target. */
export function checkQuery(activation: Activation, columns: readonly Column[]): void {
  for (const identifiedBy of [activation.identifier, ...activation.fallbacks ?? []]) checkIdentifier(identifiedBy, activation, columns)
}

function checkIdentifier({ field, column: name }: IdentifiedBy, activation: Activation, columns: readonly Column[]): void {
  const where = `activation "${activation.name}"`
  const column = columns.find((candidate) => candidate.name === name)
  if (column === undefined) {
    const near = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
    throw new Fault('config', `The query returns no column "${name}". It returns ${list(columns.map((c) => c.name))}.`, {
      code: 'column-not-found', where,
      advice: near === undefined
        ? 'Set identifier.column to one of these, or add the column to the query.'
        : `Set identifier.column to "${near.name}": names are compared with regard to case.`,
    })
  }
  const identifier = activation.object.identifiers.find((candidate) => candidate.field === field)
  const accepts = identifier?.accepts ?? []
  if (!accepts.includes(column.type)) {
    const able = columns.filter((candidate) => accepts.includes(candidate.type)).map((candidate) => candidate.name)
    throw new Fault('config', `Column "${name}" is of type ${column.nativeType}, which cannot identify a record; ${list(accepts)} can.`, {
      code: 'column-cannot-identify', where,
      advice: able.length > 0 ? `Map one of ${list(able)} instead, or cast "${name}" to text in the query.` : `Cast "${name}" to text in the query.`,
    })
  }
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
