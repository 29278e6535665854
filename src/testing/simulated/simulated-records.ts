import { z } from 'zod'
import { defineObject, type TargetSpec } from '../../connect/target.ts'
import { Fault } from '../../model/fault.ts'
import type { Field, Fields } from '../../model/field.ts'
import type { Found, Match, Observed } from '../../model/observed.ts'
import type { Operation, OperationKind } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Identity, Key } from '../../model/record.ts'
import { deliverOneByOne, simulatedSpec, type InjectedFault } from './simulated-target.ts'

/** How the simulated Target treats identifiers. Real Targets do one or the other. */
export type RecordsMode =
  /**
   * Rejects a second record with the same identifier, and names the existing one. That includes archived records, which
   * an upsert restores.
   */
  | 'unique'
  /** The call that creates a record updates it if it exists. */
  | 'native'
  /** Creates a second record with the same identifier. */
  | 'twins'

export interface SimulatedRecord {
  readonly id: string
  /** Identifiers. Several records may have the same `alt`. */
  ext: Key | null
  readonly alt: string | null
  /** Key of the Record for which Tailrace created it. */
  readonly madeFor?: Key
  readonly fields: Record<string, string | null>
  /** Unix seconds. */
  createdAt: number
  readonly by: 'us' | 'person'
  state: 'live' | 'archived' | 'deleted'
  /** An upsert or a person restored it from the archive. */
  revived: boolean
}

/** One applied write. */
export interface SimulatedWrite {
  readonly kind: OperationKind
  /** Key of the Record that the write was for. */
  readonly key: Key
  readonly ext: Key | null
  readonly targetRecord: SimulatedRecord
  readonly created: boolean
  readonly set: Fields
  /** The target record before the write. */
  readonly before: Fields
  readonly wasLive: boolean
  /** What a lookup showed of it; undefined if the index did not have it. */
  readonly shown: Fields | undefined
}

/** A small stateful Target of whole records, without a network. For tests of the engine. */
export interface SimulatedRecords {
  readonly spec: TargetSpec
  readonly targetRecords: SimulatedRecord[]
  /** Number of Operations that arrived, applied or not. */
  asked: number
  /** Applied writes, in order. */
  readonly applied: SimulatedWrite[]
  /** Identifiers for which Tailrace created a second record while its first one still existed. */
  readonly doubles: string[]
  /** Chooses the injected fault for each Operation. Set again for each Run. */
  injectedFault: (key: Key) => InjectedFault
  /** Creates a target record by hand, `secondsAway` from now. */
  create(ext: Key | null, fields: Fields, secondsAway: number, alt?: string | null): SimulatedRecord
  live(ext: Key): SimulatedRecord[]
  /** What a lookup shows of a target record. */
  shown(id: string): Match | undefined
  /** Updates the index, which lookups read. */
  catchUp(): void
}

const fieldList: readonly Field[] = ['a', 'b', 'c', 'd'].map((name) => ({
  name,
  label: name,
  type: 'text',
  writable: true,
}))

export function simulateRecords(mode: RecordsMode): SimulatedRecords {
  const targetRecords: SimulatedRecord[] = []
  let index = new Map<string, Match>()
  const make = (
    names: Pick<SimulatedRecord, 'ext' | 'alt' | 'madeFor'>,
    by: 'us' | 'person',
    createdAt: number,
  ): SimulatedRecord => {
    const targetRecord: SimulatedRecord = {
      id: `t${targetRecords.length + 1}`,
      ...names,
      fields: { a: null, b: null, c: null, d: null },
      createdAt,
      by,
      state: 'live',
      revived: false,
    }
    targetRecords.push(targetRecord)
    return targetRecord
  }
  const seconds = () => Math.floor(Date.now() / 1000)
  const records: SimulatedRecords = {
    spec: undefined as never,
    targetRecords,
    asked: 0,
    applied: [],
    doubles: [],
    injectedFault: () => 'ok',
    create: (ext, fields, secondsAway, alt = null) =>
      set(make({ ext, alt }, 'person', seconds() + secondsAway), fields),
    live: (ext) => targetRecords.filter((targetRecord) => targetRecord.ext === ext && targetRecord.state === 'live'),
    shown: (id) => index.get(id),
    catchUp() {
      index = new Map(
        targetRecords
          .filter(({ state }) => state === 'live')
          .map((targetRecord) => [targetRecord.id, matchOf(targetRecord)]),
      )
    },
  }

  const done = (operation: Operation, targetRecord: SimulatedRecord, created: boolean): Outcome => {
    const { kind } = operation
    const isFound = (kind === 'create' || kind === 'upsert') && !created
    const fields = Object.fromEntries(
      Object.entries(operation.fields ?? {}).filter(
        ([field]) =>
          field !== 'ext' &&
          field !== 'alt' &&
          !(isFound && operation.onlyIfEmpty?.includes(field) === true && targetRecord.fields[field] !== null),
      ),
    )
    const write = {
      kind,
      key: operation.key.split('\u0000')[0] ?? '',
      ext: targetRecord.ext,
      targetRecord,
      created,
      set: fields,
      before: created ? {} : { ...targetRecord.fields },
      wasLive: targetRecord.state === 'live',
      shown: index.get(targetRecord.id)?.fields,
    }
    if (kind === 'delete') targetRecord.state = 'deleted'
    else if (kind === 'archive') targetRecord.state = 'archived'
    else {
      targetRecord.state = 'live'
      set(targetRecord, fields)
    }
    records.applied.push(write)
    return {
      status: 'delivered',
      targetId: targetRecord.id,
      ...((kind === 'create' || kind === 'upsert') && {
        effect: created ? 'created' : write.wasLive ? 'changed' : 'restored',
      }),
    }
  }
  const bring = (operation: Operation): Outcome => {
    const { kind, key, identity, identities = [identity] } = operation
    const [name = identity] = identities
    const named = (field: string): string | null => identities.find((each) => each.field === field)?.value ?? null
    const duplicate = targetRecords.findLast(
      (targetRecord) => carries(targetRecord, name) && targetRecord.state !== 'deleted',
    )
    if (duplicate === undefined || mode === 'twins' || (mode === 'native' && duplicate.state === 'archived')) {
      if (
        targetRecords.some(
          (targetRecord) =>
            targetRecord.madeFor === key &&
            targetRecord.state === 'live' &&
            !targetRecord.revived &&
            carries(targetRecord, name),
        )
      )
        records.doubles.push(name.value)
      return done(operation, make({ ext: named('ext'), alt: named('alt'), madeFor: key }, 'us', seconds()), true)
    }
    if (kind === 'create')
      return { status: 'rejected', code: 'already-exists', message: 'it exists', targetId: duplicate.id }
    duplicate.revived ||= duplicate.state === 'archived'
    return done(operation, duplicate, false)
  }
  const apply = (operation: Operation): Outcome => {
    if (operation.kind === 'create' || operation.kind === 'upsert') return bring(operation)
    const targetRecord = targetRecords.find(({ id }) => id === operation.identity.value)
    if (operation.identity.field !== 'id') throw new Error('what is there is named by its own id')
    if (
      targetRecord === undefined ||
      targetRecord.state === 'deleted' ||
      (targetRecord.state === 'archived' && operation.kind !== 'archive' && operation.kind !== 'restore')
    ) {
      return { status: 'rejected', code: 'not-found', message: `there is no ${operation.identity.value}` }
    }
    return done(operation, targetRecord, false)
  }
  const answer = (operation: Operation): Outcome | undefined => {
    const injectedFault = records.injectedFault(operation.key)
    if (injectedFault === 'on-hold') return { status: 'on-hold', code: 'server-error', message: 'not now' }
    records.asked += 1
    if (injectedFault === 'lost before') return { status: 'unconfirmed', code: 'timeout', message: 'no answer' }
    if (injectedFault === 'transient fault')
      throw new Fault('transient', 'the target broke down', { code: 'server-error', mayHaveApplied: true })
    if (injectedFault === 'auth fault') throw new Fault('auth', 'the token was revoked', { code: 'unauthorized' })
    const outcome = apply(operation)
    if (injectedFault === 'lost after') return { status: 'unconfirmed', code: 'timeout', message: 'no answer' }
    return injectedFault === 'silent' ? undefined : outcome
  }

  const resolved = { ready: null, groups: [], toCreate: [], notices: [] }
  const object = defineObject<object, null>({
    id: 'thing',
    label: 'Thing',
    noun: { one: 'thing', many: 'things' },
    settings: z.strictObject({}),
    operations: ['create', 'update', 'upsert', 'delete', 'archive', 'restore'],
    indexLagMs: 10 * 60_000,
    batch: { max: 4 },
    identifiers: [
      { field: 'ext', label: 'Ext', accepts: ['text'], found: true },
      { field: 'alt', label: 'Alt', accepts: ['text'], found: true, manyMatch: true },
      { field: 'id', label: 'Id', accepts: ['text'] },
    ],
    fields: { list: () => Promise.resolve(fieldList) },
    ...(mode === 'native' && { upsertsBy: ['ext'] }),
    createsTwice: ({ kind }) => mode === 'twins' || kind === 'create',
    find: {
      perCall: () => 10,
      async *find(_io, _ready, field, values): AsyncIterable<Found> {
        for (const value of values) {
          await Promise.resolve()
          const matches = [...index.values()].filter(
            ({ targetId, fields }) => (field === 'id' ? targetId : fields[field]) === value,
          )
          if (matches.length > 0) yield { value, matches }
        }
      },
    },
    resolve: () => Promise.resolve(resolved),
    prepare: () => Promise.resolve(resolved),
    countCalls: (_ready, _kind, operations) => operations,
    async *read(_io, _ready, want): AsyncIterable<Observed> {
      for (const identity of want) {
        await Promise.resolve()
        const targetRecord = targetRecords.find(({ id, state }) => id === identity.value && state === 'live')
        const { targetId, ...seen } = targetRecord === undefined ? { targetId: undefined } : matchOf(targetRecord)
        yield targetId === undefined ? { identity, groups: null } : { identity, targetId, groups: [], ...seen }
      }
    },
    deliver: (_io, _ready, operations) => deliverOneByOne(operations, answer),
  })

  return Object.assign(records, { spec: simulatedSpec(object) })
}

function set(targetRecord: SimulatedRecord, fields: Fields): SimulatedRecord {
  for (const [name, value] of Object.entries(fields)) targetRecord.fields[name] = value === null ? null : String(value)
  return targetRecord
}

function carries(targetRecord: SimulatedRecord, { field, value }: Identity): boolean {
  return targetRecord[field === 'alt' ? 'alt' : 'ext'] === value
}

function matchOf({ id, ext, alt, fields, createdAt }: SimulatedRecord): Match {
  return { targetId: id, label: `thing ${id}`, fields: { id, ext, alt, ...fields }, createdAt }
}
