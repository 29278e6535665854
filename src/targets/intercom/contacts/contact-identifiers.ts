import type { Identifier } from '../../../connect/index.ts'

/** How contacts are named: calls take their own id, so that all else is found first, through the search. */
export const contactIdentifiers: readonly Identifier[] = [
  { field: 'id', label: 'Intercom contact id', accepts: ['text', 'integer', 'uuid'] },
  { field: 'external_id', label: 'Your external_id', accepts: ['text', 'integer', 'decimal', 'uuid'], found: true },
  { field: 'email', label: 'Email', accepts: ['text'], fold: true, manyMatch: true, found: true },
]
