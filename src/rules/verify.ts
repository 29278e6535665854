import type { Fields } from '../model/field.ts'
import type { Observed } from '../model/observed.ts'
import type { Key } from '../model/record.ts'
import type { DriftKind, Verdict, Verified } from '../model/verified.ts'
import { driftedFields, fingerprintsOf, type Fingerprints } from './fingerprints.ts'

/** What should be on a thing, and what should not, if nobody has touched it since. Member ids. */
export interface Expectation {
  readonly key: Key
  readonly on: readonly string[]
  readonly off: readonly string[]
  /** Of a Record with values: what its Fields should be. Then the thing itself should be there. */
  readonly fingerprints?: Fingerprints
  /** The thing itself should be gone: deleted or archived. */
  readonly gone?: true
}

export interface Finding {
  readonly verdict: Verdict
  /** Of a missing one: what was done to it, and with which members. */
  readonly what?: DriftKind
  readonly groups: readonly string[]
}

/**
 * What the Snapshot's belief about a Record means for the Target. `asked`: the members that the Activation names; undefined where each
 * row names its own: then only what we did there ourselves is known. Undefined: there is nothing to look for.
 */
export function expectationOf(
  { key, managed, took }: { readonly key: Key; readonly managed: readonly string[]; readonly took: readonly string[] }, takesOff: boolean, asked: readonly string[] | undefined,
): Expectation | undefined {
  const expectation = takesOff ? { key, on: [], off: asked ?? took } : { key, on: asked ?? managed, off: [] }
  return expectation.on.length + expectation.off.length === 0 ? undefined : expectation
}

/** Whether what an index shows is as expected. What it does not show at all is not. */
export function looksRight({ on, off }: Expectation, shown: ReadonlySet<string> | undefined): boolean {
  return shown !== undefined && on.every((group) => shown.has(group)) && !off.some((group) => shown.has(group))
}

/** Judges by a direct read, which sees everything at once: only what could not be read is pending. */
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

/** What a Record's settled values mean for the Target; `fields`: names of those whose value is ours to expect. */
export function expectationOfValues({ key, fingerprints }: { readonly key: Key; readonly fingerprints: Fingerprints | null }, removesRecords: boolean): Expectation | undefined {
  if (removesRecords) return { key, on: [], off: [], gone: true }
  return fingerprints === null ? undefined : { key, on: [], off: [], fingerprints }
}

/** What was just written, as it should be read. */
export function expectationOfWrite({ key, fields }: { readonly key: Key; readonly fields: Fields }): Expectation {
  return { key, on: [], off: [], fingerprints: fingerprintsOf(fields) }
}

export function tallied(verified: Verified, findings: readonly Finding[]): Verified {
  const of = (verdict: Verdict): number => verified[verdict] + findings.filter((finding) => finding.verdict === verdict).length
  return { confirmed: of('confirmed'), pending: of('pending'), missing: of('missing') }
}
