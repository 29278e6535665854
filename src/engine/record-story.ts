import type { Pool } from 'pg'
import { findActivation } from '../store/project/activations.ts'
import { readDriftOf, type DriftEntry } from '../store/snapshot/drift.ts'
import { readExchanges, type ExchangeEntry } from '../store/ledger/exchanges.ts'
import { readInvalidRowsOf, type InvalidRowEntry } from '../store/ledger/invalid-rows.ts'
import {
  readGroupNames,
  readSnapshotEntries,
  readStory,
  type SnapshotEntry,
  type StoryEntry,
} from '../store/ledger/ledger.ts'

/** The Entries of a Key together: of its state, the worst one. */
export interface RecordState extends Pick<
  SnapshotEntry,
  'state' | 'present' | 'tries' | 'retryAt' | 'runId' | 'targetId'
> {
  /** Of links: ids of the managed groups, and of those that the query asks for. */
  readonly managedGroups: readonly string[]
  readonly desiredGroups: readonly string[]
  /** Of a whole record: we created it. */
  readonly isCreated: boolean
}

/** Whether its last Run found that a group it names does not exist. */
export function namesMissingGroup({ entries, snapshot }: RecordStory): boolean {
  return entries.some(({ runId, code }) => runId === snapshot?.runId && code === 'group-not-found')
}

/** All that is saved about one Record of an Activation. */
export interface RecordStory {
  readonly activation: string
  readonly record: string
  /** The Activation's behavior: `attach`, `mirror`, `upsert`. */
  readonly behavior: string | undefined
  /** Its Records are whole target records with values, not links. */
  readonly writesRecords: boolean
  readonly entries: readonly StoryEntry[]
  /** Names of groups, by id. */
  readonly names: Readonly<Record<string, string>>
  readonly invalidRows: readonly InvalidRowEntry[]
  readonly snapshot: RecordState | undefined
  /** Drift that the last verification found: of a whole record, or for each link. */
  readonly drift: readonly DriftEntry[]
  /** Saved requests and answers of failures. */
  readonly exchanges: readonly ExchangeEntry[]
}

export type NextStep = 'nothing' | 'ask others' | 'send' | 'settle' | 'wait' | 'take off' | 'archive' | 'unknown'

/** What the next Run will do about the Record, if the query's result stays the same. */
export function nextStep(
  { snapshot, entries, invalidRows, behavior, writesRecords }: RecordStory,
  now: number,
): NextStep {
  if (snapshot === undefined) return entries.length > 0 ? 'send' : invalidRows.length > 0 ? 'wait' : 'unknown'
  const isManaged = snapshot.isCreated || snapshot.managedGroups.length > 0
  if (
    !snapshot.present &&
    isManaged &&
    entries.findLast(({ activation }) => activation === null)?.code === 'wanted-elsewhere'
  )
    return 'ask others'
  if (!snapshot.present) return behavior !== 'mirror' || !isManaged ? 'nothing' : writesRecords ? 'archive' : 'take off'
  if (snapshot.state === 'synced') return 'nothing'
  if (snapshot.state === 'unconfirmed') return 'settle'
  return snapshot.retryAt !== null && snapshot.retryAt.getTime() <= now ? 'send' : 'wait'
}

/** Undefined if the Activation never ran. */
export async function readRecordStory(
  pool: Pool,
  activation: string,
  record: string,
): Promise<RecordStory | undefined> {
  const row = await findActivation(pool, activation)
  if (row === undefined) return undefined
  const [entries, invalidRows, snapshot, names, drift] = await Promise.all([
    readStory(pool, row.id, record),
    readInvalidRowsOf(pool, row.id, record),
    readSnapshotEntries(pool, row.id, record),
    readGroupNames(pool, row.id),
    readDriftOf(pool, row.id, record),
  ])
  const exchanges = await readExchanges(pool, [...new Set(entries.map(({ runId }) => runId))], record)
  return {
    activation,
    record,
    exchanges,
    behavior: row.immutableSettings?.behavior,
    writesRecords: row.immutableSettings?.groups.length === 0,
    entries,
    invalidRows,
    snapshot: together(snapshot),
    names,
    drift,
  }
}

const worstFirst: readonly SnapshotEntry['state'][] = ['rejected', 'unconfirmed', 'synced']

function together(entries: readonly SnapshotEntry[]): RecordState | undefined {
  const worst = entries.toSorted(
    (a, b) => Number(b.present) - Number(a.present) || worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state),
  )[0]
  if (worst === undefined) return undefined
  const { state, present, tries, retryAt, runId } = worst
  const links = entries.filter(({ group }) => group !== '')
  return {
    state,
    present,
    tries,
    retryAt,
    runId,
    targetId: entries.find(({ targetId }) => targetId !== null)?.targetId ?? null,
    managedGroups: links.filter(({ managed }) => managed !== 'no').map(({ group }) => group),
    desiredGroups: links.filter((link) => link.present).map(({ group }) => group),
    isCreated: entries.some(({ group, managed }) => group === '' && managed !== 'no'),
  }
}

/** The Record's current state, in one or two sentences. */
export function nowWords(story: RecordStory, time: (at: Date) => string): string {
  const { snapshot, entries, invalidRows, behavior, drift, writesRecords } = story
  if (snapshot === undefined) {
    if (entries.length > 0) return goneWords(story)
    return invalidRows.length > 0
      ? 'Its row cannot become a record, so nothing was ever sent.'
      : 'This activation has no entry for this record.'
  }
  const left = snapshot.present ? '' : ' It is no longer in the query.'
  const [change] = drift
  if (change !== undefined)
    return `${driftWords(change, entries)}, after Run ${change.runId} (seen ${time(change.seenAt)}).${left}`
  if (snapshot.state === 'unconfirmed')
    return `Unconfirmed since Run ${snapshot.runId}: sent, without a clear answer.${left}`
  if (snapshot.state === 'rejected') {
    return `Not loaded: it could not be delivered ${snapshot.tries === 1 ? 'once' : `${snapshot.tries} times`}, last in Run ${snapshot.runId}.${left}`
  }
  const held = writesRecords
    ? ({ delete: 'It is deleted', archive: 'It is archived' }[behavior ?? ''] ?? 'It is as the query asks')
    : behavior === 'detach'
      ? 'The tags are removed'
      : behavior === 'attach' || (behavior === 'mirror' && snapshot.present)
        ? 'The tag is set'
        : 'The Target holds it'
  return `${held}, since Run ${snapshot.runId}.${left}`
}

/** The Ledger has entries, but the Snapshot has none: it was undone, removed, or never delivered. */
function goneWords({ entries, writesRecords }: RecordStory): string {
  const last = entries.findLast(
    ({ kind, status, activation }) =>
      activation === null && kind !== 'skip' && (status === 'delivered' || status === 'in-place'),
  )
  if (last === undefined) return 'Never delivered: it is on hold.'
  const { reason, kind, runId, undoes } = last
  if (writesRecords)
    return reason === 'undo'
      ? `Undone: Run ${runId} undid Run ${undoes}.`
      : reason === 'left'
        ? `It was removed from the query, and Run ${runId} ${kind === 'archive' ? 'archived' : 'removed'} it.`
        : 'Tailrace keeps no state for it.'
  if (reason === 'undo')
    return `Undone: Run ${runId} undid Run ${undoes}, so ${kind === 'attach' ? 'the tags are set again' : 'it has no managed tag or company'}.`
  return reason === 'left'
    ? `The query no longer asks for it, and Run ${runId} removed the tag.`
    : 'It has no managed tag or company.'
}

function driftWords({ what, fields, writtenAt }: DriftEntry, entries: readonly StoryEntry[]): string {
  // Do not say "Another user or program" if another Activation made the change.
  const by = entries.findLast(
    ({ activation, kind, at, after }) =>
      activation !== null &&
      (writtenAt === null || at > writtenAt) &&
      (what === 'taken off'
        ? kind === 'detach'
        : what === 'put back'
          ? kind === 'attach'
          : what === 'changed'
            ? fields.some((field) => after !== null && field in after)
            : kind === 'archive' || kind === 'delete'),
  )
  const who = by === undefined ? 'Another user or program' : `The activation "${by.activation}" (Run ${by.runId})`
  switch (what) {
    case 'changed':
      return `${who} changed ${fields.join(', ')}`
    case 'taken off':
      return `${who} removed it`
    case 'put back':
      return `${who} added it again`
    default:
      return 'The record is no longer in the Target'
  }
}

/** Whether the Record's link or values are managed or external. */
export function ownerOf({ snapshot, entries }: RecordStory): 'managed' | 'external' | 'nobody' | 'unknown' {
  if (snapshot === undefined) return entries.length > 0 ? 'nobody' : 'unknown'
  if (snapshot.state === 'unconfirmed') return 'unknown'
  if (snapshot.isCreated || snapshot.managedGroups.length > 0) return 'managed'
  const wasThere = entries.some(
    ({ kind, status, code, activation }) =>
      activation === null &&
      ((kind !== 'detach' && kind !== 'skip' && status === 'in-place') ||
        (kind === 'skip' && (code === 'in-place' || code === 'external'))),
  )
  return wasThere ? 'external' : 'nobody'
}
