import type { Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter } from '../http/answer.ts'
import type { Attribute } from '../state/attributes.ts'
import type { Custom } from '../state/records.ts'
import type { Workspace } from '../state/workspace.ts'

/**
 * The `custom_attributes` after this write: `input` merged by key over `held`. A value of an archived attribute is
 * ignored without an error; an unknown name or a wrong type rejects the whole write.
 */
export function mergeCustom(
  workspace: Workspace,
  model: 'contact' | 'company',
  held: Custom,
  input: unknown,
): { readonly custom: Custom } | Answer {
  if (input === undefined || input === null) return { custom: held }
  if (typeof input !== 'object' || Array.isArray(input)) return badParameter('custom_attributes must be a hash')
  const merged: Record<string, unknown> = { ...held }
  for (const [name, value] of Object.entries(input)) {
    const attribute = workspace.attributes.byName(model, name)
    if (attribute === undefined) return badParameter(`Custom attribute '${name}' does not exist`)
    if (attribute.archived) continue
    const wrong = value === null ? null : fault(attribute, value, workspace.settings.checkOptions)
    if (wrong !== null) return badParameter(`Custom attribute '${name}' ${wrong}`)
    merged[name] = value
  }
  return { custom: merged }
}

/** Intercom documents the rejection, but not its message. */
function fault({ type, options }: Attribute, value: unknown, checkOptions: boolean): string | null {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return 'must be a string'
      return checkOptions && options !== undefined && !options.includes(value)
        ? `must be one of ${options.join(', ')}`
        : null
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false'
    case 'float':
      return typeof value === 'number' ? null : 'must be a number'
    case 'integer':
      return Number.isInteger(value) ? null : 'must be an integer'
    default:
      return Number.isInteger(value) ? null : 'must be a date in unix seconds'
  }
}
