import type { Resolved } from '../../../connect/target.ts'
import type { GroupId } from '../../../model/record.ts'
import type { Column } from '../../../model/row.ts'
import { namesReader, type GroupColumn, type ReadNames } from '../../../rules/group-names.ts'
import { pendingGroup } from '../../../store/plans/operations.ts'
import type { Activation } from '../../activation.ts'

/** The column with the groups of each row, and how to read its cells. */
export interface NamesColumn {
  readonly column: string
  readonly read: ReadNames
}

/** The column with the groups of each row. Undefined if the Activation names its groups itself. */
export function groupColumn({ object, settings }: Activation): GroupColumn | undefined {
  const setting = (settings as Readonly<Record<string, unknown>>)[object.group?.setting ?? '']
  return typeof setting === 'object' && setting !== null && 'column' in setting ? (setting as GroupColumn) : undefined
}

/** The same, checked against the query's columns. */
export function namesColumn(activation: Activation, columns: readonly Column[]): NamesColumn | undefined {
  const desired = groupColumn(activation)
  const column = columns.find(({ name }) => name === desired?.column)
  return desired === undefined || column === undefined
    ? undefined
    : { column: column.name, read: namesReader(column, desired, activation.object.group?.matchCase) }
}

/** The settings with these group names in them. */
export function settingsNaming(activation: Activation, names: readonly string[]): unknown {
  const { object, settings } = activation
  return object.group === undefined ? settings : { ...(settings as object), [object.group.setting]: names }
}

/** The groups that the Activation itself names. A placeholder stands for one that does not exist yet. */
export function constantGroups({ groups }: Pick<Resolved<unknown>, 'groups'>): readonly GroupId[] {
  return groups.map(({ name, id }) => id ?? pendingGroup(name))
}
