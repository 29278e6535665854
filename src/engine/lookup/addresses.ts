import type { Identity, Key } from '../../model/record.ts'
import type { Activation } from '../activation.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { identityInKey } from '../../rules/record-key.ts'

/** A Record, and the target record's own id if it is known. */
export interface Known {
  readonly key: Key
  readonly targetId: string | null
}

/**
 * Names a target record of a Key. The links of one Key may be on two target records: since a person changed an
 * identifier, it may find another one.
 */
export function addressName({ key, targetId }: Known): string {
  return targetId === null ? key : `${key}\u0000${targetId}`
}

/** Whether calls need the target record's own id, so that identifiers are looked up first. */
export function needsFinding({ object, identifier, fallbacks = [] }: Activation): boolean {
  return (
    object.find !== undefined &&
    (fallbacks.length > 0 || object.group === undefined || isFound({ object }, identifier.field))
  )
}

/** The identity that a Key of this Activation stands for. */
export function identityOfKey(
  { identifier, fallbacks = [] }: Pick<Activation, 'identifier' | 'fallbacks'>,
  key: Key,
): Identity {
  return identityInKey(
    [identifier, ...fallbacks].map(({ field }) => field),
    key,
  )
}

/** The field by which calls address target records. */
export function directField(activation: Activation): string {
  return goesById(activation, activation.identifier.field) ? 'id' : activation.identifier.field
}

/** How calls address a Record's target record. Undefined if it must be found first. */
export function addressOf(activation: Activation, { key, targetId }: Known): Identity | undefined {
  const identity = identityOfKey(activation, key)
  if (identity.field === 'id' || !goesById(activation, identity.field)) return identity
  return targetId === null ? undefined : { field: 'id', value: targetId }
}

/**
 * How calls address the target records of these Records, by `addressName`. Looks up unknown ones; leaves out what the
 * Target's index does not show.
 */
export async function addressAll(
  activation: Activation,
  link: TargetLink,
  records: readonly Known[],
): Promise<Map<string, Identity>> {
  const addresses = new Map<string, Identity>()
  const unknown = new Map<string, Key[]>()
  for (const record of records) {
    const address = addressOf(activation, record)
    if (address !== undefined) addresses.set(addressName(record), address)
    else {
      const { field } = identityOfKey(activation, record.key)
      unknown.set(field, [...(unknown.get(field) ?? []), record.key])
    }
  }
  for (const [field, keys] of unknown) {
    const byValue = new Map(keys.map((key) => [identityOfKey(activation, key).value, key]))
    for await (const { value, matches } of activation.object.find?.find(link.io, link.resolved.ready, field, [
      ...byValue.keys(),
    ]) ?? []) {
      const [only] = matches
      const key = byValue.get(value)
      if (key !== undefined && only !== undefined && matches.length === 1)
        addresses.set(key, { field: 'id', value: only.targetId })
    }
  }
  return addresses
}

/**
 * Whether calls use the target record's own id instead of this identifier. This holds for every identifier of a list
 * with fall-backs.
 */
function goesById({ object, fallbacks = [] }: Activation, field: string): boolean {
  return isFound({ object }, field) || (object.group !== undefined && object.find !== undefined && fallbacks.length > 0)
}

function isFound({ object }: Pick<Activation, 'object'>, field: string): boolean {
  return object.identifiers.find((identifier) => identifier.field === field)?.found === true
}
