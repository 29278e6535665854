import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { behaviorOperations, group, json, moment, name, notice, noun, pageOf, paging } from '../shared.ts'

/** The URL part for each kind of Connection: /api/warehouses/… and /api/targets/… */
const kind = z.enum(['warehouses', 'targets'])
const named = z.object({ kind, name })

/** How a Warehouse writes SQL, for the editor: which keywords it knows, and which signs quote and start comments. */
const sqlLanguage = z.object({
  keywords: z.enum(['postgresql', 'mysql', 'standard']),
  /** The signs around names. */
  nameQuotes: z.string(),
  doubleQuotedStrings: z.boolean(),
  backslashEscapes: z.boolean(),
  dollarQuotedStrings: z.boolean(),
  hashComments: z.boolean(),
  slashComments: z.boolean(),
  spaceAfterDashes: z.boolean(),
})

/** A Connector, with the JSON Schema of its config. Secret fields carry `secret: true`. `sql`: of a Warehouse. */
const connectorType = z.object({ type: z.string(), name: z.string(), schema: json, sql: sqlLanguage.nullable() })

export const listConnectorTypes = endpoint({
  method: 'GET',
  path: '/api/:kind/types',
  name: 'listConnectorTypes',
  summary: 'Types of Warehouses or Targets',
  params: z.object({ kind }),
  reply: z.object({ items: z.array(connectorType) }),
})

/** Result of the last connection attempt, by a check, a request or a Run. */
const health = z.object({
  state: z.enum(['good', 'bad', 'unknown']),
  at: moment.nullable(),
  message: z.string().nullable(),
  code: z.string().nullable(),
  advice: z.string().nullable(),
})

export const connection = z.object({
  name,
  type: z.string(),
  /** Without secrets: a saved secret reads `{ "secret": "set" }`; `${VAR}` stays as written. */
  config: z.record(z.string(), json),
  /** Quoted as in the ETag header; send it as If-Match. */
  etag: z.string(),
  health,
  usedBy: z.array(name),
  updatedAt: moment,
  /**
   * Targets only: the account's rate limits as known from replies, each with its name, its calls per `perMs`
   * milliseconds, and the calls `used` of it by all programs that share it. `endsAt`: end of the period of `used` (may be
   * in the past), null if the window rolls. Empty before the first report.
   */
  limits: z.array(
    z.object({
      name: z.string(),
      limit: z.number(),
      used: z.number(),
      perMs: z.number(),
      endsAt: moment.nullable(),
    }),
  ),
})

export const listConnections = endpoint({
  method: 'GET',
  path: '/api/:kind',
  name: 'listConnections',
  summary: 'All Connections of a kind, by name',
  params: z.object({ kind }),
  query: paging.extend({ search: z.string().optional() }),
  reply: pageOf(connection),
})
export const readConnection = endpoint({
  method: 'GET',
  path: '/api/:kind/:name',
  name: 'readConnection',
  summary: 'One Connection',
  params: named,
  reply: connection,
})
/** A secret sent as `{ "secret": "set" }` keeps its saved value. */
const draft = z.object({ type: z.string(), config: z.record(z.string(), json) })
export const createConnection = endpoint({
  method: 'POST',
  path: '/api/:kind',
  name: 'createConnection',
  summary: 'Add a Connection; it is tested first, unless `untested` is true',
  params: z.object({ kind }),
  body: draft.extend({ name, untested: z.boolean().default(false) }),
  reply: connection,
  status: 201,
  idempotencyKey: true,
})
export const updateConnection = endpoint({
  method: 'PUT',
  path: '/api/:kind/:name',
  name: 'updateConnection',
  summary: 'Change a Connection, such as its token',
  params: named,
  body: draft.extend({ untested: z.boolean().default(false) }),
  reply: connection,
  ifMatch: true,
})
export const deleteConnection = endpoint({
  method: 'DELETE',
  path: '/api/:kind/:name',
  name: 'deleteConnection',
  summary: 'Remove a Connection that no Activation uses',
  params: named,
  reply: z.object({ ok: z.literal(true) }),
  ifMatch: true,
})

/** TEST & CONTINUE: tests a draft. With the name of a saved Connection, its unchanged secrets are used. */
export const testConnection = endpoint({
  method: 'POST',
  path: '/api/:kind/test',
  name: 'testConnection',
  summary: 'Test a Connection; nothing is saved',
  params: z.object({ kind }),
  body: draft.extend({ name: name.optional() }),
  reply: z.object({
    ok: z.boolean(),
    /** Warehouse: `version`. Target: `account` and `user`. */
    version: z.string().nullable(),
    account: z.string().nullable(),
    user: z.string().nullable(),
    rights: z.array(
      z.object({
        name: z.string(),
        granted: z.union([z.boolean(), z.literal('unknown')]),
        advice: z.string().nullable(),
        neededFor: z.array(z.string()),
      }),
    ),
    /**
     * Targets only: the account's limits as the replies to the test reported them, each with what is left of its calls per
     * `perMs` milliseconds. `returnsAt` is null if it is not known, or if the window rolls.
     */
    limits: z.array(
      z.object({
        name: z.string(),
        perMs: z.number(),
        limit: z.number(),
        left: z.number(),
        returnsAt: moment.nullable(),
      }),
    ),
    notices: z.array(notice),
    problem: z.object({ code: z.string(), message: z.string(), advice: z.string().nullable() }).nullable(),
  }),
})

export const readSchema = endpoint({
  method: 'GET',
  path: '/api/warehouses/:name/schema',
  name: 'readSchema',
  summary: 'Tables and columns, for the schema browser and auto-complete',
  params: z.object({ name }),
  reply: z.object({
    tables: z.array(
      z.object({
        schema: z.string(),
        name: z.string(),
        columns: z.array(z.object({ name: z.string(), type: z.string() })),
      }),
    ),
    truncated: z.boolean(),
  }),
})

const column = z.object({ name: z.string(), type: z.string(), nativeType: z.string() })
export const previewQuery = endpoint({
  method: 'POST',
  path: '/api/warehouses/:name/preview',
  name: 'previewQuery',
  summary: 'Validate a query; with `rows`, read its first rows (at most 100)',
  params: z.object({ name }),
  body: z.object({ query: z.string(), rows: z.number().int().min(0).max(100).default(0) }),
  reply: z.object({
    columns: z.array(column),
    rows: z.array(z.array(z.string().nullable())),
    /** Why the query is not valid; `line` and `column` count from 1 in the query. */
    problem: z
      .object({
        code: z.string(),
        message: z.string(),
        advice: z.string().nullable(),
        line: z.number().nullable(),
        column: z.number().nullable(),
      })
      .nullable(),
  }),
})

export const behaviorOffer = z.object({
  id: z.string(),
  label: z.string(),
  help: z.string(),
  /** For links: how many groups may be named (null: any number), and whether one may be created. */
  members: z.object({ max: z.number().nullable(), mayCreate: z.boolean() }).nullable(),
  /** Records removed from the query are detached, deleted or archived in the Target, so removal guardrails apply. */
  removes: z.boolean(),
  manyMatch: z.boolean(),
  mapsFields: z.boolean(),
  /** The operation for rows that are new, changed and gone. */
  operations: behaviorOperations,
  /** It deletes or archives the target records of its rows. */
  removesRecords: z.boolean(),
})
export const targetObject = z.object({
  id: z.string(),
  label: z.string(),
  /** Of the target records. */
  noun,
  /** `found`: the Target's calls do not accept this identifier, so records are looked up by it first. */
  identifiers: z.array(
    z.object({
      field: z.string(),
      label: z.string(),
      accepts: z.array(z.string()),
      manyMatch: z.boolean(),
      found: z.boolean(),
    }),
  ),
  /** Only those that this object supports. */
  behaviors: z.array(behaviorOffer),
  /** JSON Schema of the object's own settings. */
  settings: json,
  members: z
    .object({ setting: z.string(), noun, createSetting: z.string().nullable(), canBeListed: z.boolean() })
    .nullable(),
  hasFields: z.boolean(),
})
export const listObjects = endpoint({
  method: 'GET',
  path: '/api/targets/:name/objects',
  name: 'listObjects',
  summary: 'The objects of a Target, with behaviors and identifiers',
  params: z.object({ name }),
  reply: z.object({
    items: z.array(targetObject),
    /** Why the custom objects of the account are missing. */
    customTrouble: z.object({ code: z.string(), message: z.string(), advice: z.string().nullable() }).nullable(),
  }),
})
export const listMembers = endpoint({
  method: 'GET',
  path: '/api/targets/:name/objects/:object/members',
  name: 'listMembers',
  summary: 'The groups of an object that exist in the Target now',
  params: z.object({ name, object: z.string() }),
  query: z.object({ search: z.string().optional() }),
  reply: z.object({ items: z.array(group), truncated: z.boolean() }),
})
export const field = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  writable: z.boolean(),
  required: z.boolean(),
  options: z.array(z.string()).nullable(),
  remark: z.string().nullable(),
})
export const listFields = endpoint({
  method: 'GET',
  path: '/api/targets/:name/objects/:object/fields',
  name: 'listFields',
  summary: 'The Fields of an object in the Target now',
  params: z.object({ name, object: z.string() }),
  reply: z.object({ items: z.array(field) }),
})
