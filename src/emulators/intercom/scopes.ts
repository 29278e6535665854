/**
 * Intercom publishes no table of scopes by endpoint, and only some scope ids appear in its messages. `read_tags`,
 * `write_tags`, `read_admins`, `read_tickets` and `read_users_companies` are named here by analogy.
 */
export const allScopes = [
  'read_tags',
  'write_tags',
  'read_admins',
  'read_users_companies',
  'write_users_companies',
  'read_conversations',
  'write_conversations',
  'read_tickets',
  'write_tickets',
] as const

export type Scope = (typeof allScopes)[number]
