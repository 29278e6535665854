import type { FieldType, FieldValue } from './field.ts'

/** Cleaning steps for a value, applied in the order written. The first six are for text, the rest for numbers. */
export const cleaners = [
  'trim',
  'collapse',
  'lower',
  'upper',
  'digits',
  'emptyToNull',
  'round',
  'floor',
  'ceil',
] as const
export type Cleaner = (typeof cleaners)[number]

/** Where a Field's value comes from. A template names query fields in double braces: `{{ first_name }} {{ last_name }}`. */
export type ValueFrom = { readonly column: string } | { readonly constant: FieldValue } | { readonly template: string }

/** How one Field of the Target gets its value. */
export interface MappedField {
  readonly field: string
  readonly from: ValueFrom
  readonly clean: readonly Cleaner[]
  /** The type to read the value as. Default: the type of its column. */
  readonly as?: FieldType
  /** A null value: leave the Field as it is, or clear it. */
  readonly onNull: 'skip' | 'clear'
  /** Set it only if the Field is empty in the Target. */
  readonly onlyIfEmpty: boolean
}

export interface Mapping {
  readonly fields: readonly MappedField[]
  /** Map every other column to the Field of the same name, if there is one of a compatible type. */
  readonly autoMap: boolean
}
