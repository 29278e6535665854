/** A Record's identity within its Activation, the same in every Run: the canonical text of its identifier. */
export type Key = string

/** Id of a group in the Target, such as a tag or a company. Empty for whole records. */
export type GroupId = string

/** Identifies a Record: a whole record, or the link of a target record to one group. */
export interface RecordRef {
  readonly key: Key
  readonly group: GroupId
}

/** Names a Record in a Map. Neither part contains a NUL. */
export function refName({ key, group }: RecordRef): string {
  return group === '' ? key : `${group}\u0000${key}`
}

/** How to find the target record: `{ field: 'company_id', value: '0042' }`. Values are text end to end. */
export interface Identity {
  readonly field: string
  readonly value: string
}

/** Why a Row cannot become a Record. */
export type InvalidRowCode =
  | 'null-identifier'
  | 'blank-identifier'
  | 'duplicate-identifier'
  | 'invalid-identifier'
  | 'invalid-value'
  | 'missing-value'
  | 'invalid-names'

/** A Row that cannot become a Record. `row` counts from 1 in reading order; 0: several rows, named by `key`. */
export interface InvalidRow {
  readonly row: number
  readonly key: Key | null
  readonly code: InvalidRowCode
  readonly column: string
  readonly message: string
}
