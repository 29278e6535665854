/** What a Field holds. `date` is a day, `timestamp` a point in time. */
export type FieldType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp'

/**
 * A Field's canonical value; equal values have the same form. Text is unchanged. Integers and decimals are numbers; a
 * value that would lose a digit as a number is invalid. A date is `2026-11-22`, a timestamp `2026-11-22T09:30:00Z`
 * (UTC, whole seconds). null: empty.
 */
export type FieldValue = string | number | boolean | null

/** Values by Field name. A missing name says nothing about that Field. */
export type Fields = Readonly<Record<string, FieldValue>>

/** Characters of one Field's fingerprint (src/rules/fingerprints.ts). SQL depends on this length, too. */
export const fieldFingerprintLength = 22

/** One attribute of a TargetObject, as the Target lists it now. */
export interface Field {
  /** As in tailrace.yaml: `email`, `custom_attributes.plan`. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  /** False: listed only so that users see why they cannot map it. */
  readonly writable: boolean
  /** A target record cannot be created without it. */
  readonly required?: boolean
  /** The only values it accepts. */
  readonly options?: readonly string[]
  /** Maximum characters of text, or bounds of a number. */
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  /** It cannot be cleared once it has a value; `onNull: clear` is not allowed. */
  readonly neverEmpty?: boolean
  /** For users: why it is not writable, or what the Target does to its values. */
  readonly remark?: string
}

/** A Field that does not exist yet. */
export interface NewField {
  readonly name: string
  readonly type: FieldType
}

/** Empty in the sense of a Target: an empty text counts as empty. */
export function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === ''
}
