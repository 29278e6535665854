import type { Fields, FieldValue } from '../../connect/index.ts'
import { customName, toWire } from './field-values.ts'
import type { FieldTypes } from './record-answer.ts'

/** A request body in Intercom's format. Custom attributes have their own object; those left out keep their values. */
export function bodyOf(fields: Fields, types: FieldTypes): Readonly<Record<string, unknown>> {
  const standard: [string, FieldValue][] = []
  const custom: [string, FieldValue][] = []
  for (const [field, value] of Object.entries(fields)) {
    const name = customName(field)
    const sent = toWire(types.get(field)?.type, value)
    if (name === undefined) standard.push([field, sent])
    else custom.push([name, sent])
  }
  return {
    ...Object.fromEntries(standard),
    ...(custom.length === 0 ? {} : { custom_attributes: Object.fromEntries(custom) }),
  }
}
