import type { RecordChange, UnansweredCreation } from '../model/change.ts'
import type { Fields } from '../model/field.ts'
import { byUnknownClock, type Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'
import type { InverseOperation } from '../store/ledger/link-changes.ts'
import { readRecordChanges, readUnansweredCreations } from '../store/ledger/record-changes.ts'
import { invertRecord, type RecordInverse } from '../rules/undo-record.ts'
import { isByUs } from '../rules/authorship.ts'
import { identityOfKey } from './lookup/addresses.ts'
import type { TargetLink } from './steps/open/open-connections.ts'
import { openFindTargetRecords } from './lookup/find-target-records.ts'
import type { RunContext } from './run-context.ts'

export interface RunToInvert {
  readonly runId: number
  /** Records read together. */
  readonly pageSize: number
  readonly reportLater: (run: number | null) => void
}

/** Current values of a target record, and when it was created. */
interface Now {
  readonly fields: Fields
  readonly createdAt: number | undefined
}

/**
 * The inverse of all that a Run did to target records with values. Includes creations without an answer, if the target
 * record was provably created by the Run.
 */
export async function* inverseRecords(
  context: RunContext,
  link: TargetLink,
  { runId, pageSize, reportLater }: RunToInvert,
): AsyncGenerator<InverseOperation[]> {
  const {
    activation: { object },
    ports: { database },
    lease: { activationId },
  } = context
  const removesBy = object.operations.includes('archive') ? 'archive' : 'delete'
  const invertAll = async (changes: readonly RecordChange[]): Promise<InverseOperation[]> => {
    const now = await targetRecordsNow(
      context,
      link,
      changes.map(({ targetId }) => targetId),
    )
    return changes.map((change): InverseOperation => {
      const { fields = null, createdAt } = now.get(change.targetId) ?? {}
      const known = { ...change, created: change.created || cameToBeIn(change.sent, createdAt) }
      const inverse = invertRecord(known, fields, removesBy)
      if (inverse.note === 'later-run') reportLater(change.laterRun)
      return lineOf(known, inverse)
    })
  }
  for await (const changes of readRecordChanges(database, activationId, runId, pageSize)) yield await invertAll(changes)
  const unanswered = await readUnansweredCreations(database, activationId, runId)
  for (let at = 0; at < unanswered.length; at += pageSize) {
    const { changes, kept } = await lookFor(context, link, unanswered.slice(at, at + pageSize))
    yield [...(await invertAll(changes)), ...kept]
  }
}

function lineOf(
  { key, targetId, created }: Pick<RecordChange, 'key' | 'created'> & { targetId: string | null },
  { kind, set, before, note }: RecordInverse,
): InverseOperation {
  const json = (fields: Fields | null) => (fields === null ? null : JSON.stringify(fields))
  return {
    key,
    group: '',
    kind: kind ?? 'skip',
    managed: created,
    note,
    forgetsWhenDone: kind !== null,
    targetId,
    asks: json(set),
    before: json(before),
  }
}

function cameToBeIn(sent: Period | null, createdAt: number | undefined): boolean {
  return sent !== null && createdAt !== undefined && isByUs({ id: '', appliedAt: createdAt }, byUnknownClock(sent))
}

async function targetRecordsNow(
  { activation: { object } }: RunContext,
  link: TargetLink,
  ids: readonly string[],
): Promise<Map<string, Now>> {
  const now = new Map<string, Now>()
  for await (const { identity, groups, fields = {}, createdAt } of object.read(
    link.io,
    link.resolved.ready,
    [...new Set(ids)].map((value) => ({ field: 'id', value })),
  )) {
    if (groups !== null) now.set(identity.value, { fields, createdAt })
  }
  return now
}

/**
 * Finds out whether creations without an answer succeeded. A later Run may have found the target record; otherwise it
 * is searched by its identifier. Absence from the index proves nothing while the index may lag. A target record created
 * at another time may be external.
 */
async function lookFor(
  context: RunContext,
  link: TargetLink,
  creations: readonly UnansweredCreation[],
): Promise<{ changes: RecordChange[]; kept: InverseOperation[] }> {
  const { ports } = context
  const found = await targetRecordsSought(
    context,
    link,
    creations.filter(({ targetId }) => targetId === null).map(({ key }) => key),
  )
  const changes: RecordChange[] = []
  const kept: InverseOperation[] = []
  for (const creation of creations) {
    const { key, after, sent } = creation
    const ids = creation.targetId === null ? found.get(key) : [creation.targetId]
    const [targetId] = ids ?? []
    const isKnownAbsent =
      ids?.length === 0 || (ids === undefined && ports.now() - sent.to > context.activation.object.indexLagMs)
    if (targetId !== undefined && ids?.length === 1 && after !== null)
      changes.push({ ...creation, kind: 'create', targetId, before: null, after })
    else
      kept.push(
        lineOf(
          { key, targetId: null, created: false },
          { kind: null, set: null, before: null, note: isKnownAbsent ? 'nothing-to-do' : 'state-unknown' },
        ),
      )
  }
  return { changes, kept }
}

/**
 * Ids of the target records that these Records name. Empty if a direct read finds none. A Record with no result is left
 * out.
 */
async function targetRecordsSought(
  context: RunContext,
  link: TargetLink,
  keys: readonly Key[],
): Promise<Map<Key, readonly string[]>> {
  const {
    activation,
    activation: { object },
  } = context
  const ids = new Map<Key, readonly string[]>()
  if (keys.length === 0 || object.find === undefined) return ids
  const sought = keys.map((key) => ({
    key,
    targetId: null,
    identities: [identityOfKey(activation, key)],
    unconfirmed: true,
  }))
  for (const [key, { matches }] of await (await openFindTargetRecords(context, link)).find(sought))
    ids.set(
      key,
      matches.map(({ targetId }) => targetId),
    )
  const missing = Map.groupBy(
    keys.filter((key) => !ids.has(key)),
    (key) => JSON.stringify(identityOfKey(activation, key)),
  )
  const wanted = [...missing.values()].flatMap(([key]) => (key === undefined ? [] : [identityOfKey(activation, key)]))
  for await (const {
    identity: { field, value },
    groups,
    targetId,
  } of object.read(link.io, link.resolved.ready, wanted)) {
    const shown = groups === null || targetId === undefined ? [] : [targetId]
    for (const key of missing.get(JSON.stringify({ field, value })) ?? []) ids.set(key, shown)
  }
  return ids
}
