import type { Resolved } from '../../../connect/target.ts'
import type { Column } from '../../../model/row.ts'
import { namesReader, type MembersColumn, type ReadNames } from '../../../rules/group-names.ts'
import type { Activation } from '../../activation.ts'

/** The column that says which members each Record asks for, and how its cells are read. */
export interface NamesColumn {
  readonly column: string
  readonly read: ReadNames
}

/** The column that says which members each Record asks for; undefined where the Activation names them itself. */
export function membersColumn({ object, settings }: Activation): MembersColumn | undefined {
  const setting = (settings as Readonly<Record<string, unknown>>)[object.members?.setting ?? '']
  return typeof setting === 'object' && setting !== null && 'column' in setting ? setting as MembersColumn : undefined
}

/** The same, as the query returns it. */
export function namesColumn(activation: Activation, columns: readonly Column[]): NamesColumn | undefined {
  const desired = membersColumn(activation)
  const column = columns.find(({ name }) => name === desired?.column)
  return desired === undefined || column === undefined ? undefined : { column: column.name, read: namesReader(column, desired, activation.object.members?.matchCase) }
}

/** Names of tags are compared without regard to case; values of Fields, and ids, are not. */
export function foldsNames({ object }: Activation): boolean {
  return object.members !== undefined && object.members.matchCase !== true
}

/** The settings as if these names stood in them. */
export function settingsNaming(activation: Activation, names: readonly string[]): unknown {
  const { object, settings } = activation
  return object.members === undefined ? settings : { ...(settings as object), [object.members.setting]: names }
}

/** Ids of the members that the Activation itself names; null for Records that are whole things. */
export function constantMembers(activation: Activation, { members }: Pick<Resolved<unknown>, 'members'>): readonly string[] | null {
  if (activation.object.members === undefined) return null
  return membersColumn(activation) === undefined ? members.flatMap(({ id }) => id ?? []) : []
}
