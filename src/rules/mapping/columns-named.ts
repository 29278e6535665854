import type { ValueFrom } from '../../model/mapping.ts'
import { templateParts } from './template.ts'

/** The query columns that a value comes from. */
export function columnsNamed(from: ValueFrom): readonly string[] {
  if ('column' in from) return [from.column]
  if ('constant' in from) return []
  return (templateParts(from.template) ?? []).flatMap((part) => ('column' in part ? [part.column] : []))
}
