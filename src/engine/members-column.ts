import type { MembersColumn } from '../sync/gather-wants.ts'
import type { Activation } from './activation.ts'

/** The column that says which members each Record asks for; undefined where the Activation names them itself. */
export function membersColumn({ object, settings }: Activation): MembersColumn | undefined {
  const setting = (settings as Readonly<Record<string, unknown>>)[object.members?.setting ?? '']
  return typeof setting === 'object' && setting !== null && 'column' in setting ? setting as MembersColumn : undefined
}

/** The settings as if these names stood in them. */
export function settingsNaming(activation: Activation, names: readonly string[]): unknown {
  const { object, settings } = activation
  return object.members === undefined ? settings : { ...(settings as object), [object.members.setting]: names }
}
