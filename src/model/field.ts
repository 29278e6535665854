/** What a Field holds. `date` is a day, `timestamp` a moment. */
export type FieldType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp'

/**
 * A Field's canonical value, the same for equal values: text as it is; integers and decimals as numbers, which
 * no number is that would lose a digit; a date as `2026-11-22`; a timestamp in whole seconds of UTC as `2026-11-22T09:30:00Z`; null: empty.
 */
export type FieldValue = string | number | boolean | null

/** Values by the names of their Fields. What is not in it is not spoken of. */
export type Fields = Readonly<Record<string, FieldValue>>

/** Characters of what is kept of one Field's value (src/rules/fingerprints.ts), which is also compared in SQL. */
export const fieldFingerprintLength = 22

/** One attribute of a TargetObject, as the Target lists it now. */
export interface Field {
  /** As in tailrace.yaml: `email`, `custom_attributes.plan`. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  /** False: shown, so that people learn why they cannot map it. */
  readonly writable: boolean
  /** Nothing can be created without it. */
  readonly required?: boolean
  /** The only values it takes. */
  readonly options?: readonly string[]
  /** Characters of text, or the bounds of a number. */
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  /** It cannot be made empty once it has a value; `onNull: clear` is refused. */
  readonly neverEmpty?: boolean
  /** For people: why it is not writable, what the Target does to it. */
  readonly remark?: string
}

/** A Field that is yet to be made. */
export interface NewField {
  readonly name: string
  readonly type: FieldType
}

/** Empty as the Target means it: an empty text holds nothing either. */
export function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === ''
}
