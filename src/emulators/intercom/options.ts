import { seededAttributes, type AttributeSeed } from './seeded-attributes.ts'
import { allScopes } from './scopes.ts'

export interface IntercomEmulatorOptions {
  /** Default 0: a free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** What the workspace starts with: so many of the emulator's own, or exactly those that are listed. */
  contacts?: number | readonly ContactSeed[]
  companies?: number | readonly CompanySeed[]
  conversations?: number | readonly ConversationSeed[]
  tickets?: number
  /** Every n-th contact is a lead (default 0: none). Listed ones say so themselves. */
  leadEvery?: number
  /** The workspace's custom attributes, all of them. Default: `seededAttributes`. */
  attributes?: readonly AttributeSeed[]
  /** Names of tags that exist from the start, in the order of their ids. */
  tags?: readonly string[]
  /** Tags that are already on things: put there by hand, by the given admin (default: the first). Missing tags are created. */
  tagged?: readonly TaggedSeed[]
  /** `app.id_code`: which workspace this is. Default: one of its own for each emulator. */
  workspace?: string
  region?: 'us' | 'eu' | 'au'
  /** IANA name: contact search compares days in it up to version 2.16. Default `UTC`. */
  timezone?: string
  /** Requests per 10-second window and app (default 1667; smaller apps have 167). */
  limit?: number
  /** Requests per 10-second window over all apps of the workspace. Default: none. */
  workspaceLimit?: number
  /** Length of those windows in milliseconds, whole seconds (default 10,000, as Intercom's). */
  windowMs?: number
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
  /** Whether a value that is none of a list attribute's options is refused. Intercom documents neither; default false. */
  checkOptions?: boolean
  /** For how many milliseconds a deleted contact stands in the way of a new one, as an archived one does. Default 60,000. */
  deletionMs?: number
  /** `POST /tags` with more users than this is carried out, but answers 504, as Intercom does for long lists. Default: never. */
  bulkTimeoutOver?: number
  /** How unknown paths answer 404: Intercom's envelope, or the bare page of its web server. */
  unknownPath?: 'json' | 'html'
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number
}

/** A thing with an id of your own choice, and names of tags that it carries since the day before, put there by the first admin. */
interface ListedSeed {
  id: string
  tags?: readonly string[] | undefined
}
export interface ContactSeed extends ListedSeed {
  external_id?: string | undefined
  email?: string | undefined
  /** Default `user`. A lead without `external_id` has a generated one. */
  role?: 'user' | 'lead' | undefined
  /** Default `User <number>`. */
  name?: string | null | undefined
  phone?: string | null | undefined
  owner_id?: string | null | undefined
  custom_attributes?: Readonly<Record<string, unknown>> | undefined
}
export interface CompanySeed extends Omit<ListedSeed, 'id'> {
  /** Intercom's own. Default: `intercom-<company_id>`. */
  id?: string | undefined
  company_id: string
  /** Default: the `company_id`. */
  name?: string | undefined
  custom_attributes?: Readonly<Record<string, unknown>> | undefined
  /** How many contacts are in it (default 1): one without any is in no list. */
  contacts?: number | undefined
}
export type ConversationSeed = ListedSeed

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

type Listable = 'contacts' | 'companies' | 'conversations'

export interface Settings extends Required<Omit<IntercomEmulatorOptions, Listable>>, Readonly<Record<Listable, number>> {
  /** What the options list in place of a number. */
  readonly listed: {
    readonly contacts: readonly ContactSeed[] | undefined
    readonly companies: readonly CompanySeed[] | undefined
    readonly conversations: readonly ConversationSeed[] | undefined
  }
}

export function settle(options: IntercomEmulatorOptions): Settings {
  const { contacts = 1000, companies = 200, conversations = 200, ...rest } = options
  return {
    port: 0, host: '127.0.0.1', attributes: seededAttributes, checkOptions: false, deletionMs: 60_000,
    tickets: 0, leadEvery: 0, tags: [], tagged: [],
    workspace: 'emulated_workspace_of_its_own_kind_here', region: 'us', timezone: 'UTC', limit: 1667, workspaceLimit: Number.POSITIVE_INFINITY, windowMs: 10_000, latencyMs: 0, indexLagMs: 0,
    tokens: { 'emulator-token': { scopes: allScopes } }, defaultVersion: '2.16', bulkAnswer: 'standard',
    bulkTimeoutOver: Number.POSITIVE_INFINITY, unknownPath: 'json', now: Date.now,
    ...rest,
    contacts: countOf(contacts), companies: countOf(companies), conversations: countOf(conversations),
    listed: { contacts: listOf(contacts), companies: listOf(companies), conversations: listOf(conversations) },
  }
}

function countOf(targetRecords: number | readonly unknown[]): number {
  return typeof targetRecords === 'number' ? targetRecords : targetRecords.length
}

function listOf<Seed>(targetRecords: number | readonly Seed[]): readonly Seed[] | undefined {
  return typeof targetRecords === 'number' ? undefined : targetRecords
}
