import type { FieldType, FieldValue } from './field.ts'

/** What is done to a value on its way, in the order written. The first six are for text, the rest for numbers. */
export const cleaners = ['trim', 'collapse', 'lower', 'upper', 'digits', 'emptyToNull', 'round', 'floor', 'ceil'] as const
export type Cleaner = (typeof cleaners)[number]

/** Where a Field's value comes from. A template names query fields in double braces: `{{ first_name }} {{ last_name }}`. */
export type ValueFrom =
  | { readonly column: string }
  | { readonly constant: FieldValue }
  | { readonly template: string }

/** Which value goes to one Field of the Target. */
export interface MappedField {
  readonly field: string
  readonly from: ValueFrom
  readonly clean: readonly Cleaner[]
  /** What to read the value as before it goes to the Field. Left out: as the type of its column. */
  readonly as?: FieldType
  /** A value that is null is not spoken of, or empties the Field. */
  readonly onNull: 'skip' | 'clear'
  /** Set only where the Target holds nothing yet. */
  readonly onlyIfEmpty: boolean
}

export interface Mapping {
  readonly fields: readonly MappedField[]
  /** Every other column goes to the Field of its name, where there is one of a fitting type. */
  readonly autoMap: boolean
}
