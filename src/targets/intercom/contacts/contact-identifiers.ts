import type { Identifier } from '../../../connect/index.ts'

/**
 * Identifiers of contacts. Calls accept only Intercom's id, so the search first finds the contact for any other
 * identifier.
 */
export const contactIdentifiers: readonly Identifier[] = [
  { field: 'id', label: 'Intercom contact id', accepts: ['text', 'integer', 'uuid'] },
  { field: 'external_id', label: 'Your external_id', accepts: ['text', 'integer', 'decimal', 'uuid'], found: true },
  { field: 'email', label: 'Email', accepts: ['text'], fold: true, manyMatch: true, found: true },
]
