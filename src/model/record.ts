/** A Record's name within its Activation, the same in every Run: the canonical text of its identifier. */
export type Key = string

/** How the Target finds the thing: `{ field: 'company_id', value: '0042' }`. Values are text end to end. */
export interface Identity {
  readonly field: string
  readonly value: string
}

/** Why a Row cannot become a Record. */
export type InvalidRowCode = 'null-identifier' | 'blank-identifier' | 'duplicate-identifier' | 'invalid-identifier' | 'invalid-value' | 'missing-value' | 'invalid-names'

/** A Row that cannot become a Record, named so that its owner finds it. `row` counts from 1 in the order read. */
export interface InvalidRow {
  readonly row: number
  readonly key: Key | null
  readonly code: InvalidRowCode
  readonly column: string
  readonly message: string
}
