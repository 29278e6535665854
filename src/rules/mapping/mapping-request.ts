import type { Field } from '../../model/field.ts'
import type { Mapping } from '../../model/mapping.ts'
import type { Column } from '../../model/row.ts'
import type { IdentifierComparison, IdentifierColumn } from '../identify.ts'

/** What is to be mapped, and between what. */
export interface MappingRequest {
  readonly identifier: IdentifierColumn
  readonly fallbacks: readonly IdentifierColumn[]
  /** All identifiers of the object. */
  readonly identifiers: readonly IdentifierComparison[]
  readonly mapping: Mapping | undefined
  /** What the query returns. */
  readonly columns: readonly Column[]
  /** What the Target lists. */
  readonly fields: readonly Field[]
  /** The behaviour may bring things into being. */
  readonly creates: boolean
  /** The behaviour sets Fields of things that exist. */
  readonly updates: boolean
}
