import type { ZodType } from 'zod'
import type { ColumnType } from '../model/row.ts'
import type { Notice } from '../model/notice.ts'
import type { Noun } from '../model/noun.ts'
import type { Identity } from '../model/record.ts'
import type { Operation, OperationKind } from '../model/operation.ts'
import type { Field, NewField } from '../model/field.ts'
import type { Found, Observed } from '../model/observed.ts'
import type { Outcomes } from '../model/outcome.ts'
import type { HttpPolicy } from './http-policy.ts'
import type { DeliverIo, Io } from './io.ts'

/**
 * A system we write to. Validation, forms, docs and redaction all come from `config`. Secrets carry
 * `.meta({ secret: true })`; settings that decide where secrets are sent carry `address: true`.
 */
export interface TargetSpec<Config = unknown> {
  readonly contract: 2
  /** The folder's name, and the `type` in tailrace.yaml. */
  readonly id: string
  readonly name: string
  readonly config: ZodType<Config>
  http(config: Config): HttpPolicy
  /** The account of the token. One cheap read at the start of each Run. State is stored per account. */
  identify(io: Io<Config>): Promise<Account>
  /** The account, the user and its rights. Throws a Fault if it cannot connect. Changes nothing. */
  check(io: Io<Config>): Promise<ConnectedAs>
  /** The objects that every account has. */
  readonly objects: readonly TargetObject[]
  readonly customObjects?: CustomObjects<Config>
}

/** Objects that only some accounts have, such as those that a customer defined. */
export interface CustomObjects<Config = unknown> {
  /**
   * The object with this id. Undefined: no account can have an object with such an id. Pure, so that tailrace.yaml can be
   * validated without the account; `resolve` throws a Fault `config` if the account has no such object.
   */
  object(id: string): TargetObject | undefined
  /** Those that the account has now. Changes nothing. */
  list(io: Io<Config>): Promise<readonly { readonly id: string; readonly label: string }[]>
}

export interface Account {
  /** The account's own id at the vendor. State is stored per account, since record ids are unique only within one. */
  readonly accountId: string
  /** Display name: "Acme (US)". */
  readonly account: string
  /** Display name of the person or app that owns the token. */
  readonly user: string
}

export interface ConnectedAs extends Account {
  readonly rights: readonly Right[]
}

export interface Right {
  /** In the vendor's words: "Write tags". */
  readonly name: string
  readonly granted: boolean | 'unknown'
  /** If not granted or unknown: what to change, and where. */
  readonly advice?: string
  /** Ids of the objects that need it. */
  readonly neededFor: readonly string[]
}

/**
 * One kind of record that a Target lets us write. `Settings` come from tailrace.yaml; `resolve` turns them into
 * `Ready`.
 */
export interface TargetObject<Settings = unknown, Ready = unknown, Config = unknown> {
  /** As in tailrace.yaml: `contact_tag`. */
  readonly id: string
  readonly label: string
  /** What people call the target records that the identifiers find: contact and contacts, also of a contact tag. */
  readonly noun: Noun
  /**
   * Labels of behaviors in the UI, by behavior id, where the behavior's own label does not fit: `{ detach: 'Detach
   * Tag(s) from Records' }`.
   */
  readonly labels?: Readonly<Record<string, string>>
  /** The object's own keys of an activation in tailrace.yaml, for example `tags`, `createTag`. A zod object schema. */
  readonly settings: ZodType<Settings>
  readonly operations: readonly OperationKind[]
  /**
   * For objects with the operations `attach` and `detach`: how the settings name the groups. The setting's value is an
   * array of names or `{ column, delimiter? }`. With a column, each row names its own groups, and `resolve` receives
   * the distinct names as an array.
   */
  readonly group?: GroupSpec<Config>
  /** For objects whose Records have values to set: `create`, `update`, `upsert`. */
  readonly fields?: FieldList<Config>
  /** Finds target records by identifiers other than their own id. */
  readonly find?: Finder<Ready, Config>
  /** Identifiers for which the Target has a native upsert, so that no lookup is needed before it. */
  readonly upsertsBy?: readonly string[]
  /**
   * Whether sending this create twice could create two target records. If so, an unconfirmed create waits until the
   * Target's index must have caught up.
   */
  createsTwice?(operation: Operation): boolean
  /** Number of target records of this kind, in one call. */
  population?(io: Io<Config>, ready: Ready): Promise<number>
  /**
   * How far the Target's index may lag behind writes, in milliseconds: `find` and `listing` may not show what was written
   * within this time. 0: they show the latest writes.
   */
  readonly indexLagMs: number
  /** Maximum number of Operations in one `deliver`. */
  readonly batch: { readonly max: number }
  readonly identifiers: readonly Identifier[]

  /**
   * Turns settings into ids. It reads the Target and changes nothing. Throws a Fault `config` with the nearest names if
   * something named in the settings does not exist and may not be created; a group that only rows name gets the placeholder
   * `absentGroup` instead. Called by check, by plan and at the start of each Run.
   */
  resolve(io: Io<Config>, settings: Settings): Promise<Resolved<Ready>>
  /**
   * Creates what `resolve` listed in `toCreate`, and reads again what may have changed since. Called once per Run,
   * right before the first `deliver`, and only if there is something to deliver.
   */
  prepare(io: Io<Config>, ready: Ready): Promise<Resolved<Ready>>
  /**
   * Number of calls that `deliver` makes for `operations` Operations of this kind if every record is found. Pure.
   * Of links: all to one group.
   */
  countCalls(ready: Ready, kind: OperationKind, operations: number): number
  /**
   * Current state of these identities in the Target, by direct reads that see the latest writes (never a lagging
   * index). Yields one Observed per identity, in any order.
   */
  read(io: Io<Config>, ready: Ready, want: readonly Identity[]): AsyncIterable<Observed>
  /** Lists and looks up many target records at once through the Target's index. Omitted if the Target has none. */
  readonly listing?: Listing<Ready, Config>
  /**
   * Sends Operations of one kind and of the same group, at most `batch.max`, with unique keys. Must be safe to repeat.
   * An error of one Record is an Outcome. An error of the whole call is thrown as a Fault (auth, config, transient,
   * bug). Work that a job of the Target does is kept with a ticket (src/connect/io.ts).
   */
  deliver(io: DeliverIo<Config>, ready: Ready, operations: readonly Operation[]): Promise<Outcomes>
}

/** The groups that a target record can be in, such as tags or companies, and how an Activation names them. */
export interface GroupSpec<Config = unknown> {
  readonly setting: string
  /** What people call the groups: tag and tags, company and companies. Every sentence uses it. */
  readonly noun: Noun
  readonly createSetting?: string
  readonly matchCase?: true
  /**
   * The Target does not report when or by whom a link was made. Each target record is then read right before a link is
   * added, so that an existing link does not count as managed.
   */
  readonly untold?: true
  /**
   * Why no link to this group of `resolve` is possible: its id is the placeholder `absentGroup`. Undefined for all others.
   */
  missing?(group: string): string | undefined
  /**
   * All groups that the connected user can see, for a selection list. Omitted if there are too many. Changes nothing.
   */
  list?(io: Io<Config>): Promise<readonly { readonly name: string; readonly id: string }[]>
}

/** The Fields that a Record's values can be written to. */
export interface FieldList<Config = unknown> {
  /** The current Fields, read from the Target. Read-only Fields are included and marked. Changes nothing. */
  list(io: Io<Config>): Promise<readonly Field[]>
  /** The Activation's setting that allows creating a missing Field. Omitted if the Target cannot create Fields. */
  readonly createSetting?: string
  create?(io: Io<Config>, field: NewField): Promise<Field>
}

/**
 * Lookup: finds target records by identifier through the Target's index. The index may miss records created minutes
 * ago, and it leaves out archived ones. Values without a match yield nothing. Results hold the value as the identifier
 * compares it (`fold`: in lower case).
 */
export interface Finder<Ready = unknown, Config = unknown> {
  /** Maximum number of values per call, by identifier field. `id` is the target record's own id. */
  perCall(field: string): number
  find(io: Io<Config>, ready: Ready, field: string, values: readonly string[]): AsyncIterable<Found>
}

/**
 * Cheap reads of many target records at once. An index lags behind writes by up to minutes: its results are for
 * planning and never prove that a write arrived. The engine uses `holders` or `of`, whichever needs fewer calls.
 */
export interface Listing<Ready = unknown, Config = unknown> {
  /** Maximum number of target records per call of `holders` or `of`. */
  readonly perCall: number
  /**
   * Maximum number of holders that `holders` can list. Beyond it, `holders` throws a Fault: use `of`. Omitted: no
   * limit.
   */
  readonly atMost?: number
  /**
   * Description of target records that the index never lists though they may be in the group, for example "companies
   * without contacts". If set, a record that `holders` does not yield has an unknown state, not "not in the group".
   */
  readonly leavesOut?: string
  /** Number of holders of this group, in one call. */
  count(io: Io<Config>, ready: Ready, group: string): Promise<number>
  /** Number of target records of this kind, in one call. Omitted if the vendor does not report it. */
  population?(io: Io<Config>, ready: Ready): Promise<number>
  /** All holders of this group, as values of the given identifier field, page by page. */
  holders(io: Io<Config>, ready: Ready, group: string, field: string): AsyncIterable<readonly string[]>
  /**
   * State of these target records in the index, at most `perCall` per call. It is complete for each record it yields:
   * if the vendor truncates a list, the rest is read directly. A record that it does not yield may still exist.
   */
  of?(io: Io<Config>, ready: Ready, want: readonly Identity[]): AsyncIterable<Observed>
}

export interface Identifier {
  readonly field: string
  readonly label: string
  /** Column types that may feed it. */
  readonly accepts: readonly ColumnType[]
  /** Compared without case: values are trimmed and folded to lower case. */
  readonly fold?: true
  /** One value may match several target records. */
  readonly manyMatch?: true
  /** Calls need the target record's own id instead, so a lookup (`find`) comes first. */
  readonly found?: true
}

export interface Resolved<Ready> {
  readonly ready: Ready
  /** The groups by name and id, in the order of the settings. `id` is null until the group is created. */
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  /** Names of groups that `prepare` would create. */
  readonly toCreate: readonly string[]
  /** Notices for people: "the tag was renamed to …". */
  readonly notices: readonly Notice[]
}

/** The object of this id: one that every account has, or a custom one. */
export function findObject({ objects, customObjects }: TargetSpec, id: string): TargetObject | undefined {
  return objects.find((object) => object.id === id) ?? customObjects?.object(id)
}

/** Infers the config type inside a spec; registries hold the plain type. */
export function defineTarget<Config>(spec: TargetSpec<Config>): TargetSpec {
  return spec as TargetSpec
}
export function defineObject<Settings, Ready, Config = unknown>(
  object: TargetObject<Settings, Ready, Config>,
): TargetObject {
  return object as TargetObject
}
