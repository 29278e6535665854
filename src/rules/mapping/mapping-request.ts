import type { Field } from '../../model/field.ts'
import type { Mapping } from '../../model/mapping.ts'
import type { Column } from '../../model/row.ts'
import type { IdentifierComparison, IdentifierColumn } from '../identify.ts'

/** A Mapping, with the columns and Fields that it connects. */
export interface MappingRequest {
  readonly identifier: IdentifierColumn
  readonly fallbacks: readonly IdentifierColumn[]
  /** All identifiers of the object. */
  readonly identifiers: readonly IdentifierComparison[]
  readonly mapping: Mapping | undefined
  /** The columns that the query returns. */
  readonly columns: readonly Column[]
  /** The Fields that the Target lists. */
  readonly fields: readonly Field[]
  /** The behavior may create target records. */
  readonly creates: boolean
  /** The behavior sets Fields of existing target records. */
  readonly updates: boolean
}

/** A problem of a Mapping that a person must fix before any Row can be mapped. */
export interface MappingProblem {
  /** The Field as the Mapping names it; empty: the problem concerns all Fields. */
  readonly field: string
  readonly column?: string
  readonly code:
    | 'field-not-found'
    | 'field-read-only'
    | 'field-mapped-twice'
    | 'field-required'
    | 'field-never-empty'
    | 'field-type-mismatch'
    | 'column-not-found'
    | 'template-unreadable'
    | 'cleaner-unfit'
    | 'constant-unfit'
    | 'nothing-mapped'
    | 'mapping-unused'
  /** What is wrong, as a sentence. */
  readonly message: string
  /** What to do, as a sentence. */
  readonly advice: string
}
