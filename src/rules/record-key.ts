import type { Identity, Key } from '../model/record.ts'

/**
 * A Record's Key for an Activation with several identifiers: the value of the first identifier, or `field:value` of
 * another one. A first value that looks like `field:value` gets its own field as a prefix, so that no two identities
 * share a Key. With one identifier the Key is its value.
 */
export function keyOfIdentity(fields: readonly string[], { field, value }: Identity): Key {
  if (fields.length < 2) return value
  const isPlain = field === fields[0] && !fields.some((each) => value.startsWith(prefixOf(each)))
  return isPlain ? value : prefixOf(field) + value
}

/** The identity of such a Key. */
export function identityInKey(fields: readonly string[], key: Key): Identity {
  const [first = ''] = fields
  const named = fields.length < 2 ? undefined : fields.find((field) => key.startsWith(prefixOf(field)))
  return named === undefined ? { field: first, value: key } : { field: named, value: key.slice(prefixOf(named).length) }
}

function prefixOf(field: string): string {
  return `${encodeURIComponent(field)}:`
}
