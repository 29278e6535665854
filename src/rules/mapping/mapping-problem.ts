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
