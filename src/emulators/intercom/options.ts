import { allScopes } from './scopes.ts'

export interface IntercomEmulatorOptions {
  /** Default 0: a free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** How many contacts, companies, conversations and tickets the workspace starts with. */
  contacts?: number
  companies?: number
  conversations?: number
  tickets?: number
  /** Every n-th contact is a lead (default 0: none). */
  leadEvery?: number
  /** Names of tags that exist from the start, in the order of their ids. */
  tags?: readonly string[]
  /** Tags that are already on things: put there by hand, by the given admin (default: the first). Missing tags are created. */
  tagged?: readonly TaggedSeed[]
  region?: 'us' | 'eu' | 'au'
  /** IANA name: contact search compares days in it up to version 2.16. Default `UTC`. */
  timezone?: string
  /** Requests per 10-second window and app (default 1667; smaller apps have 167). */
  limit?: number
  /** Requests per 10-second window over all apps of the workspace. Default: none. */
  workspaceLimit?: number
  /** Added to each answer, in milliseconds. */
  latencyMs?: number
  /** How far lists and searches are behind the truth, in milliseconds. Reads by id see everything at once. */
  indexLagMs?: number
  /** Access tokens by their text. Default: `emulator-token`, with all scopes, of the first admin. */
  tokens?: Readonly<Record<string, TokenSeed>>
  /** For requests without an `Intercom-Version` header. Default `2.16`. */
  defaultVersion?: string
  /** `bare`: from 2.16 on, too, `POST /tags` answers without its `users` and `companies` arrays. */
  bulkAnswer?: 'standard' | 'bare'
  /** `POST /tags` with more users than this is carried out, but answers 504, as Intercom does for long lists. Default: never. */
  bulkTimeoutOver?: number
  /** How unknown paths answer 404: Intercom's envelope, or the bare page of its web server. */
  unknownPath?: 'json' | 'html'
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number
}

export interface TokenSeed {
  scopes: readonly string[] | 'all'
  /** Whose token it is: an admin's id. Default: the first admin. */
  adminId?: string
  /** Tokens of the same app share its rate limit. Default `app`. */
  app?: string
}

/** Ids as in the API; for companies the Intercom id or the `company_id`; numbers count the seeded things from 1. */
export interface TaggedSeed {
  tag: string
  contacts?: readonly (string | number)[]
  companies?: readonly (string | number)[]
  conversations?: readonly (string | number)[]
  tickets?: readonly (string | number)[]
  adminId?: string
}

export type Settings = Required<IntercomEmulatorOptions>

export function settle(options: IntercomEmulatorOptions): Settings {
  return {
    port: 0, host: '127.0.0.1',
    contacts: 1000, companies: 200, conversations: 200, tickets: 0, leadEvery: 0, tags: [], tagged: [],
    region: 'us', timezone: 'UTC', limit: 1667, workspaceLimit: Number.POSITIVE_INFINITY, latencyMs: 0, indexLagMs: 0,
    tokens: { 'emulator-token': { scopes: allScopes } }, defaultVersion: '2.16', bulkAnswer: 'standard',
    bulkTimeoutOver: Number.POSITIVE_INFINITY, unknownPath: 'json', now: Date.now,
    ...options,
  }
}
