import type { ZodType } from 'zod'
import type { ColumnType } from '../model/row.ts'
import type { Notice } from '../model/notice.ts'
import type { Identity } from '../model/record.ts'
import type { Operation, OperationKind } from '../model/operation.ts'
import type { Field, NewField } from '../model/field.ts'
import type { Found, Observed } from '../model/observed.ts'
import type { Outcomes } from '../model/outcome.ts'
import type { HttpPolicy, Io } from './io.ts'

/** A system we write to. Validation, forms, docs and redaction all come from `config`; secrets carry `.meta({ secret: true })`, what says where they are sent `address: true`. */
export interface TargetSpec<Config = unknown> {
  readonly specVersion: 1
  /** The folder's name, and the `type` in tailrace.yaml. */
  readonly id: string
  readonly name: string
  readonly config: ZodType<Config>
  http(config: Config): HttpPolicy
  /** Whose account is this token? One cheap read at the start of each Run; state is kept under the account it names. */
  identify(io: Io, config: Config): Promise<Account>
  /** Who am I there, and what may I do? Throws a Fault when it cannot connect at all. Changes nothing. */
  check(io: Io, config: Config): Promise<ConnectedAs>
  readonly objects: readonly TargetObject[]
}

export interface Account {
  /** The account's own id at the vendor: state is kept under it, since record ids are unique only within it. */
  readonly accountId: string
  /** "Acme (US)", for people. */
  readonly account: string
  /** The person or app whose token it is, for people. */
  readonly user: string
}

export interface ConnectedAs extends Account {
  readonly rights: readonly Right[]
}

export interface Right {
  /** In the vendor's words: "Write tags". */
  readonly name: string
  readonly granted: boolean | 'unknown'
  /** When not granted or unknown: what to change, and where. */
  readonly advice?: string
  /** Objects that need it. */
  readonly neededFor: readonly string[]
}

/** One kind of thing a Target lets us write. `Settings` come from tailrace.yaml; `Ready` is what `resolve` made of them. */
export interface TargetObject<Settings = unknown, Ready = unknown> {
  /** As in tailrace.yaml: `contact_tag`. */
  readonly id: string
  readonly label: string
  /** What its identifiers name, for words: a contact tag is put on a "contact". Left out: the label, in lower case. */
  readonly recordNoun?: string
  /** The object's own keys of an activation in tailrace.yaml, e.g. `tags`, `createTag`. A zod object schema. */
  readonly settings: ZodType<Settings>
  readonly operations: readonly OperationKind[]
  /**
   * For objects whose operations are `attach` and `detach`: the setting that lists what is put on or taken off. Its value is an array
   * of names, or `{ column, delimiter? }`: then each row names its own, and `resolve` is called with the distinct names, as an array.
   * `createSetting`: the setting that allows to create one that is missing; left out where none is ever created.
   */
  readonly group?: GroupSpec
  /** For objects whose Records have values to set: `create`, `update`, `upsert`. */
  readonly fields?: FieldList
  /** How to find things by identifiers that are not their own id. */
  readonly find?: Finder<Ready>
  /** Identifiers by which the Target itself creates or updates in one call, so that an upsert needs no look before it. */
  readonly upsertsBy?: readonly string[]
  /**
   * Whether asking a second time for this creation could make a second thing. Then one that is in doubt waits until the Target's
   * index must have caught up.
   */
  createsTwice?(operation: Operation): boolean
  /** How many things of this kind there are, in one call. */
  population?(io: Io, ready: Ready): Promise<number>
  /** At most this many Operations in one `deliver`. */
  readonly batch: { readonly max: number }
  readonly identifiers: readonly Identifier[]

  /**
   * Turns settings into ids by reading the Target; changes nothing there. Throws a Fault `config` with the nearest names
   * when something named does not exist (unless it may be created). Called at check, plan and the start of each Run.
   */
  resolve(io: Io, config: unknown, settings: Settings): Promise<Resolved<Ready>>
  /**
   * Creates what `resolve` listed in `toCreate`, and reads again what may have changed since. Called once per Run, right before
   * the first `deliver`, and only when there is something to deliver.
   */
  prepare(io: Io, ready: Ready): Promise<Resolved<Ready>>
  /**
   * Calls that `deliver` makes for so many Operations of this kind, as long as every record is found. Pure.
   * `groups`: how many each Operation puts on or takes off (default: all that `ready` holds).
   */
  countCalls(ready: Ready, kind: OperationKind, operations: number, groups?: number): number
  /**
   * What the Target holds now for these identities, by direct reads that see the latest writes (never an index that lags).
   * Yields one Observed per identity, in any order.
   */
  read(io: Io, ready: Ready, want: readonly Identity[]): AsyncIterable<Observed>
  /** How to look at many things at once through the Target's index. Left out where it has none. */
  readonly listing?: Listing<Ready>
  /**
   * Sends the Operations: all of one kind with the same members, at most `batch.max`, keys unique. Safe to repeat.
   * Trouble of one Record is an Outcome; only trouble of the whole call is thrown, as a Fault (auth, config, transient, bug).
   */
  deliver(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes>
}

/** What a target record can be in, such as tags or companies: how an Activation names them. */
export interface GroupSpec {
  readonly setting: string
  readonly noun: string
  readonly createSetting?: string
  readonly matchCase?: true
  /**
   * No read says since when, or by whom, something is on a thing. Then each thing is read right before something is put on it, so that what
   * was there already is not taken for ours.
   */
  readonly untold?: true
  /** Why nothing can be put on a thing for this member of `resolve`: rows name it, and it does not exist. Undefined where it does. */
  missing?(group: string): string | undefined
  /** All there are now that the connected user may see, for people to choose from; left out where there are too many. Changes nothing. */
  list?(io: Io, config: unknown): Promise<readonly { readonly name: string; readonly id: string }[]>
}

/** The Fields that a Record's values may go to. */
export interface FieldList {
  /** As they are now, read from the Target; those that cannot be written as well, marked so. Changes nothing. */
  list(io: Io, config: unknown): Promise<readonly Field[]>
  /** The setting of the Activation that allows to create a Field that is missing; absent where the Target cannot. */
  readonly createSetting?: string
  create?(io: Io, config: unknown, field: NewField): Promise<Field>
}

/**
 * Turns identifiers into things, many at once, through the Target's index: a thing made minutes ago may be missing, and archived ones
 * are. What is not found is not yielded. Values come as the identifier compares them (`fold`: in lower case).
 */
export interface Finder<Ready = unknown> {
  /** Values that one call looks up, at most, by the identifier's field; `id` is the thing's own. */
  perCall(field: string): number
  find(io: Io, ready: Ready, field: string, values: readonly string[]): AsyncIterable<Found>
}

/**
 * Cheap looks at many things at once. An index lags behind writes by up to minutes, so its answers are what to plan with, never
 * proof of what landed. The engine picks whichever of `holders` and `of` costs fewer calls.
 */
export interface Listing<Ready = unknown> {
  /** Things that one call of `holders` or `of` tells about, at most. */
  readonly perCall: number
  /** `holders` shows this many things at most, and is a Fault beyond: look at what is wanted instead. Left out: no such end. */
  readonly atMost?: number
  /**
   * In words: things that the index never shows though they may carry the member, such as "companies without contacts". Where
   * set, what `holders` does not yield is not known, rather than known not to carry it.
   */
  readonly leavesOut?: string
  /** How many things carry this member, in one call. */
  count(io: Io, ready: Ready, group: string): Promise<number>
  /** How many things of this kind there are, in one call. Absent where the vendor does not tell. */
  population?(io: Io, ready: Ready): Promise<number>
  /** Everything that carries this member, as values of the given identifier field, page by page. */
  holders(io: Io, ready: Ready, group: string, field: string): AsyncIterable<readonly string[]>
  /**
   * What the index knows of these things (at most `perCall` to a call), complete for each thing it yields: where the vendor cuts
   * a list short, the rest is read directly. A thing that it does not yield is not in the index: it may exist all the same.
   */
  of?(io: Io, ready: Ready, want: readonly Identity[]): AsyncIterable<Observed>
}

export interface Identifier {
  readonly field: string
  readonly label: string
  /** Column types that may feed it. */
  readonly accepts: readonly ColumnType[]
  /** Compared without regard to case: values are taken in lower case, without spaces around them. */
  readonly fold?: true
  /** It may name several things. */
  readonly manyMatch?: true
  /** Calls need the thing's own id instead, so it is found first (`find`). */
  readonly found?: true
}

export interface Resolved<Ready> {
  readonly ready: Ready
  /** The members by name and id, in the order of the settings; `id` is null while it is yet to be created. */
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  /** Names that `prepare` would create. */
  readonly toCreate: readonly string[]
  /** What a person should know: "the tag was renamed to …". */
  readonly notices: readonly Notice[]
}

/** Keeps Config and Settings inferred inside a spec while registries hold the plain type. */
export function defineTarget<Config>(spec: TargetSpec<Config>): TargetSpec {
  return spec as TargetSpec
}
export function defineObject<Settings, Ready>(object: TargetObject<Settings, Ready>): TargetObject {
  return object as TargetObject
}
