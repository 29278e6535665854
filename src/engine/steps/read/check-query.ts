import type { Column } from '../../../model/row.ts'
import { Fault } from '../../../model/fault.ts'
import { columnsNamed } from '../../../rules/mapping/columns-named.ts'
import type { Activation, IdentifiedBy } from '../../activation.ts'
import { groupColumn } from './group-column.ts'

/**
 * Checks that the query returns the columns of all identifiers, with types that can identify, and the group column if
 * there is one. No column that is read may have a type that the Warehouse guessed. The Target's Fields are checked
 * elsewhere.
 */
export function checkQuery(activation: Activation, columns: readonly Column[]): void {
  for (const identifiedBy of [activation.identifier, ...(activation.fallbacks ?? [])])
    checkIdentifier(identifiedBy, activation, columns)
  const groups = groupColumn(activation)
  if (groups !== undefined) columnNamed(groups.column, activation.object.group?.setting ?? 'tags', activation, columns)
  const mapped = activation.mapping?.fields.flatMap(({ from }) => columnsNamed(from)) ?? []
  for (const { name, guess } of columns)
    if (guess !== undefined && mapped.includes(name)) throw guessed(guess, activation)
}

function columnNamed(name: string, setting: string, activation: Activation, columns: readonly Column[]): Column {
  const column = columns.find((candidate) => candidate.name === name)
  if (column === undefined) {
    const near = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
    throw new Fault(
      'config',
      `The query returns no column "${name}". The query returns ${list(columns.map((c) => c.name))}.`,
      {
        code: 'column-not-found',
        where: whereOf(activation),
        advice:
          near === undefined
            ? `Set ${setting}.column to one of these, or add the column to the query.`
            : `Set ${setting}.column to "${near.name}": names are case-sensitive.`,
      },
    )
  }
  if (column.guess !== undefined) throw guessed(column.guess, activation)
  return column
}

function guessed({ message, advice }: NonNullable<Column['guess']>, activation: Activation): Fault {
  return new Fault('config', message, { code: 'column-guessed', where: whereOf(activation), advice })
}

function whereOf({ name }: Activation): string {
  return `activation "${name}"`
}

function checkIdentifier(
  { field, column: name }: IdentifiedBy,
  activation: Activation,
  columns: readonly Column[],
): void {
  const column = columnNamed(name, 'identifier', activation, columns)
  const identifier = activation.object.identifiers.find((candidate) => candidate.field === field)
  const accepts = identifier?.accepts ?? []
  if (!accepts.includes(column.type)) {
    const able = columns.filter((candidate) => accepts.includes(candidate.type)).map((candidate) => candidate.name)
    throw new Fault(
      'config',
      `Column "${name}" has the type ${column.nativeType}, which cannot identify a record; ${list(accepts)} can.`,
      {
        code: 'column-cannot-identify',
        where: whereOf(activation),
        advice: able.length > 0 ? `Map one of ${list(able)} instead, or ${asText(column)}.` : `${asText(column, 'C')}.`,
      },
    )
  }
}

/** Casting JSON to text would keep the quotes. */
function asText({ name, type }: Column, first = 'c'): string {
  return type === 'json'
    ? `${first === 'C' ? 'C' : 'c'}onvert it to text in the query: ${name} ->> '$' in DuckDB, ${name} #>> '{}' in PostgreSQL`
    : `${first}ast "${name}" to text in the query`
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
