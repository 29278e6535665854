import type { Fields } from '../model/field.ts'
import type { Observed } from '../model/observed.ts'
import type { Key } from '../model/record.ts'
import type { DriftKind, Verdict, Verified } from '../model/verified.ts'
import { driftedFields, fingerprintsOf, type Fingerprints } from './fingerprints.ts'

/** Ids of the groups that a target record should and should not have, if nothing changed since our write. */
export interface Expectation {
  readonly key: Key
  readonly on: readonly string[]
  readonly off: readonly string[]
  /** For a Record with fields: their expected fingerprints. The target record must exist. */
  readonly fingerprints?: Fingerprints
  /** The target record should be gone: deleted or archived. */
  readonly gone?: true
}

export interface Finding {
  readonly verdict: Verdict
  /** For `missing`: what happened, and to which groups (`changed`: which Fields). */
  readonly what?: DriftKind
  readonly groups: readonly string[]
}

/**
 * What to expect in the Target for an Entry. `asked`: the groups that the Activation names; undefined: each row names
 * its own, so only our own additions and removals are known. Returns undefined if there is nothing to check.
 */
export function expectationOf(
  { key, managed, took }: { readonly key: Key; readonly managed: readonly string[]; readonly took: readonly string[] }, takesOff: boolean, asked: readonly string[] | undefined,
): Expectation | undefined {
  const expectation = takesOff ? { key, on: [], off: asked ?? took } : { key, on: asked ?? managed, off: [] }
  return expectation.on.length + expectation.off.length === 0 ? undefined : expectation
}

/** Whether an index shows what is expected. If it shows nothing for the Record, no. */
export function looksRight({ on, off }: Expectation, shown: ReadonlySet<string> | undefined): boolean {
  return shown !== undefined && on.every((group) => shown.has(group)) && !off.some((group) => shown.has(group))
}

/** Judges by a direct read, which does not lag: only a Record that could not be read is pending. */
export function judgeReading({ on, off, fingerprints, gone }: Expectation, observed: Observed | undefined): Finding {
  if (observed === undefined) return { verdict: 'pending', groups: [] }
  if (gone === true) return observed.groups === null ? { verdict: 'confirmed', groups: [] } : { verdict: 'missing', what: 'put back', groups: [] }
  if (fingerprints !== undefined) return judgeFields(fingerprints, observed)
  if (observed.groups === null) return on.length === 0 ? { verdict: 'confirmed', groups: [] } : { verdict: 'missing', what: 'gone', groups: on }
  const held = new Set(observed.groups.map(({ id }) => id))
  const takenOff = on.filter((group) => !held.has(group))
  if (takenOff.length > 0) return { verdict: 'missing', what: 'taken off', groups: takenOff }
  const putBack = off.filter((group) => held.has(group))
  return putBack.length > 0 ? { verdict: 'missing', what: 'put back', groups: putBack } : { verdict: 'confirmed', groups: [] }
}

function judgeFields(fingerprints: Fingerprints, { groups, fields }: Observed): Finding {
  if (groups === null) return { verdict: 'missing', what: 'gone', groups: [] }
  const changed = driftedFields(fingerprints, fields ?? {})
  return changed.length === 0 ? { verdict: 'confirmed', groups: [] } : { verdict: 'missing', what: 'changed', groups: changed }
}

/** What to expect in the Target for a Record with settled values. */
export function expectationOfValues({ key, fingerprints }: { readonly key: Key; readonly fingerprints: Fingerprints | null }, removesRecords: boolean): Expectation | undefined {
  if (removesRecords) return { key, on: [], off: [], gone: true }
  return fingerprints === null ? undefined : { key, on: [], off: [], fingerprints }
}

/** What a read should return for a write just made. */
export function expectationOfWrite({ key, fields }: { readonly key: Key; readonly fields: Fields }): Expectation {
  return { key, on: [], off: [], fingerprints: fingerprintsOf(fields) }
}

export function tallied(verified: Verified, findings: readonly Finding[]): Verified {
  const of = (verdict: Verdict): number => verified[verdict] + findings.filter((finding) => finding.verdict === verdict).length
  return { confirmed: of('confirmed'), pending: of('pending'), missing: of('missing') }
}
