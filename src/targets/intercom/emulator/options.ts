export interface IntercomEmulatorOptions {
  /** Default 0: a free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** What the workspace starts with: this many generated records, or exactly the listed ones. */
  contacts?: number | readonly ContactSeed[]
  companies?: number | readonly CompanySeed[]
  conversations?: number | readonly ConversationSeed[]
  tickets?: number
  /** Every n-th contact is a lead (default 0: none). Listed contacts set `role` instead. */
  leadEvery?: number
  /** All custom attributes of the workspace. Default: `seededAttributes`. */
  attributes?: readonly AttributeSeed[]
  /** Names of tags that exist from the start, in the order of their ids. */
  tags?: readonly string[]
  /** Tags attached from the start by the given admin (default: the first). Missing tags are created. */
  tagged?: readonly TaggedSeed[]
  /** `app.id_code`: the id of the workspace. Default: a different one for each emulator. */
  workspace?: string
  region?: 'us' | 'eu' | 'au'
  /** IANA name. Up to version 2.16 the contact search compares days in this time zone. Default `UTC`. */
  timezone?: string
  /** Requests per 10-second window and app (default 1667; smaller apps have 167). */
  limit?: number
  /** Requests per 10-second window over all apps of the workspace. Default: none. */
  workspaceLimit?: number
  /** Length of these windows in milliseconds, a multiple of 1,000 (default 10,000, as in Intercom). */
  windowMs?: number
  /** Delay added to each answer, in milliseconds. */
  latencyMs?: number
  /** How far lists and searches lag behind the current state, in milliseconds. Reads by id do not lag. */
  indexLagMs?: number
  /** Access tokens by their text. Default: `emulator-token` of the first admin, with all scopes. */
  tokens?: Readonly<Record<string, TokenSeed>>
  /** For requests without an `Intercom-Version` header. Default `2.16`. */
  defaultVersion?: string
  /** `bare`: `POST /tags` answers without its `users` and `companies` arrays, even from 2.16 on. */
  bulkAnswer?: 'standard' | 'bare'
  /**
   * Whether a value that is not among a list attribute's options is rejected. Intercom documents neither; default
   * false.
   */
  checkOptions?: boolean
  /**
   * How many milliseconds a deleted contact still blocks a new one with its identifiers, as an archived one does.
   * Default 60,000.
   */
  deletionMs?: number
  /**
   * `POST /tags` with more users than this is carried out but answers 504, as Intercom does for long lists. Default:
   * never.
   */
  bulkTimeoutOver?: number
  /** How unknown paths answer 404: with Intercom's envelope, or with the plain page of its web server. */
  unknownPath?: 'json' | 'html'
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number
}

/** A record with a chosen id, and names of the tags that the first admin attached to it the day before. */
interface ListedSeed {
  id: string
  tags?: readonly string[] | undefined
}
export interface ContactSeed extends ListedSeed {
  external_id?: string | undefined
  email?: string | undefined
  /** Default `user`. A lead without `external_id` gets a generated one. */
  role?: 'user' | 'lead' | undefined
  /** Default `User <number>`. */
  name?: string | null | undefined
  phone?: string | null | undefined
  owner_id?: string | null | undefined
  custom_attributes?: Readonly<Record<string, unknown>> | undefined
}
export interface CompanySeed extends Omit<ListedSeed, 'id'> {
  /** Intercom's id. Default: `intercom-<company_id>`. */
  id?: string | undefined
  company_id: string
  /** Default: the `company_id`. */
  name?: string | undefined
  custom_attributes?: Readonly<Record<string, unknown>> | undefined
  /** Number of contacts in it (default 1). No list shows a company without contacts. */
  contacts?: number | undefined
}
export type ConversationSeed = ListedSeed

export interface TokenSeed {
  scopes: readonly string[] | 'all'
  /** The id of the token's admin. Default: the first admin. */
  adminId?: string
  /** Tokens of the same app share its rate limit. Default `app`. */
  app?: string
}

/**
 * Ids as in the API; for companies the Intercom id or the `company_id`. A number is the number of a seeded record,
 * from 1.
 */
export interface TaggedSeed {
  tag: string
  contacts?: readonly (string | number)[]
  companies?: readonly (string | number)[]
  conversations?: readonly (string | number)[]
  tickets?: readonly (string | number)[]
  adminId?: string
}

type Listable = 'contacts' | 'companies' | 'conversations'

export interface Settings
  extends Required<Omit<IntercomEmulatorOptions, Listable>>, Readonly<Record<Listable, number>> {
  /** The records that the options list instead of a number. */
  readonly listed: {
    readonly contacts: readonly ContactSeed[] | undefined
    readonly companies: readonly CompanySeed[] | undefined
    readonly conversations: readonly ConversationSeed[] | undefined
  }
}

export function settle(options: IntercomEmulatorOptions): Settings {
  const { contacts = 1000, companies = 200, conversations = 200, ...rest } = options
  return {
    port: 0,
    host: '127.0.0.1',
    attributes: seededAttributes,
    checkOptions: false,
    deletionMs: 60_000,
    tickets: 0,
    leadEvery: 0,
    tags: [],
    tagged: [],
    workspace: 'emulated_workspace_of_its_own_kind_here',
    region: 'us',
    timezone: 'UTC',
    limit: 1667,
    workspaceLimit: Number.POSITIVE_INFINITY,
    windowMs: 10_000,
    latencyMs: 0,
    indexLagMs: 0,
    tokens: { 'emulator-token': { scopes: allScopes } },
    defaultVersion: '2.16',
    bulkAnswer: 'standard',
    bulkTimeoutOver: Number.POSITIVE_INFINITY,
    unknownPath: 'json',
    now: Date.now,
    ...rest,
    contacts: countOf(contacts),
    companies: countOf(companies),
    conversations: countOf(conversations),
    listed: { contacts: listOf(contacts), companies: listOf(companies), conversations: listOf(conversations) },
  }
}

function countOf(targetRecords: number | readonly unknown[]): number {
  return typeof targetRecords === 'number' ? targetRecords : targetRecords.length
}

function listOf<Seed>(targetRecords: number | readonly Seed[]): readonly Seed[] | undefined {
  return typeof targetRecords === 'number' ? undefined : targetRecords
}

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

export type AttributeModel = 'contact' | 'company' | 'conversation'
export type AttributeType = 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime'

/** A custom attribute. */
export interface AttributeSeed {
  model: AttributeModel
  name: string
  type: AttributeType
  /** Makes a `string` attribute a list. */
  options?: readonly string[] | undefined
  description?: string | undefined
  archived?: boolean | undefined
}

const records: readonly Omit<AttributeSeed, 'model'>[] = [
  { name: 'paid_subscriber', type: 'boolean', description: 'Whether there is a paid subscription.' },
  {
    name: 'plan',
    type: 'string',
    options: ['free', 'basic', 'premium'],
    description: 'The plan that is subscribed to.',
  },
  { name: 'monthly_value', type: 'float' },
  { name: 'seats', type: 'integer' },
  { name: 'renewal_date', type: 'date' },
  { name: 'notes', type: 'string' },
  { name: 'retired', type: 'string', archived: true },
]

/** The default custom attributes of a workspace: the same for contacts and companies, one of them archived. */
export const seededAttributes: readonly AttributeSeed[] = [
  ...records.map((each) => ({ ...each, model: 'contact' as const })),
  ...records.map((each) => ({ ...each, model: 'company' as const })),
  { model: 'conversation', name: 'topic', type: 'string' },
  { model: 'conversation', name: 'retired', type: 'string', archived: true },
]
