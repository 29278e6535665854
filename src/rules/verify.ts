import type { Fields } from '../model/field.ts'
import type { Observed, DriftKind, Verdict, Verified } from '../model/observed.ts'
import type { GroupId, Key, RecordRef } from '../model/record.ts'
import { driftedFields, fingerprintsOf, type Fingerprints } from './fingerprints.ts'

/** What the Target should hold for a Record if nothing changed since our write. */
export type Expectation =
  /** A link that exists, does not exist, or may exist or not, because we did not change it. */
  | { readonly key: Key; readonly is: 'on' | 'off' | 'either'; readonly group: GroupId }
  /** The target record is deleted or archived. */
  | { readonly key: Key; readonly is: 'gone' }
  /** The target record exists, with Fields of these fingerprints. */
  | { readonly key: Key; readonly is: 'as written'; readonly fingerprints: Fingerprints }

export interface Finding {
  readonly verdict: Verdict
  /** For `missing`: what happened. */
  readonly what?: DriftKind
  /** The Fields that changed. */
  readonly fields: readonly string[]
}

/** What to expect in the Target for a synced link. */
export function expectationOf({ key, group }: RecordRef, takesOff: boolean): Expectation {
  return { key, group, is: takesOff ? 'off' : 'on' }
}

/** Whether an index shows the link as expected. If it shows nothing for the Record, no. */
export function looksRight(expectation: Expectation, shown: ReadonlySet<GroupId> | undefined): boolean {
  return (
    shown !== undefined &&
    'group' in expectation &&
    expectation.is !== 'either' &&
    shown.has(expectation.group) === (expectation.is === 'on')
  )
}

/** Judges by a direct read, which does not lag: only a Record that could not be read is pending. */
export function judgeReading(expectation: Expectation, observed: Observed | undefined): Finding {
  if (observed === undefined) return { verdict: 'pending', fields: [] }
  const { groups } = observed
  switch (expectation.is) {
    case 'gone':
      return groups === null ? confirmed : missing('put back')
    case 'as written':
      return judgeFields(expectation.fingerprints, observed)
    case 'either':
      return confirmed
    case 'on':
      return groups === null
        ? missing('gone')
        : groups.some(({ id }) => id === expectation.group)
          ? confirmed
          : missing('taken off')
    case 'off':
      return groups?.some(({ id }) => id === expectation.group) === true ? missing('put back') : confirmed
  }
}

const confirmed: Finding = { verdict: 'confirmed', fields: [] }

function missing(what: DriftKind, fields: readonly string[] = []): Finding {
  return { verdict: 'missing', what, fields }
}

function judgeFields(fingerprints: Fingerprints, { groups, fields }: Observed): Finding {
  if (groups === null) return missing('gone')
  const changed = driftedFields(fingerprints, fields ?? {})
  return changed.length === 0 ? confirmed : missing('changed', changed)
}

/** What to expect in the Target for a Record with settled values. Undefined: there is nothing to check. */
export function expectationOfValues(
  { key, fingerprints }: { readonly key: Key; readonly fingerprints: Fingerprints | null },
  removesRecords: boolean,
): Expectation | undefined {
  if (removesRecords) return { key, is: 'gone' }
  return fingerprints === null ? undefined : { key, is: 'as written', fingerprints }
}

/** What a read should return for a write just made. */
export function expectationOfWrite({ key, fields }: { readonly key: Key; readonly fields: Fields }): Expectation {
  return { key, is: 'as written', fingerprints: fingerprintsOf(fields) }
}

export function tallied(verified: Verified, findings: readonly Finding[]): Verified {
  const of = (verdict: Verdict): number =>
    verified[verdict] + findings.filter((finding) => finding.verdict === verdict).length
  return { confirmed: of('confirmed'), pending: of('pending'), missing: of('missing') }
}
