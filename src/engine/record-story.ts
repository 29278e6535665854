import type { Pool } from 'pg'
import type { BehaviorPlan, SyncBehavior } from '../model/behavior.ts'
import { nounsWithoutObject, type Nouns } from '../model/noun.ts'
import { findActivation } from '../store/project/activations.ts'
import { readDriftOf, type DriftEntry } from '../store/snapshot/drift.ts'
import { lastNouns } from '../store/runs/runs.ts'
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
  /** Of links: ids of all groups, of the managed ones, and of those that the query asks for. */
  readonly groups: readonly string[]
  readonly managedGroups: readonly string[]
  readonly desiredGroups: readonly string[]
  /** Of a whole record: we created it. */
  readonly isCreated: boolean
}

/** All that is saved about one Record of an Activation. */
export interface RecordStory {
  readonly activation: string
  readonly record: string
  /** The Activation's behavior: `attach`, `mirror`, `upsert`. */
  readonly behavior: string | undefined
  /** Undefined: the Activation never ran, or this version has no such behavior. */
  readonly plan: BehaviorPlan | undefined
  /** Of its last Run. */
  readonly nouns: Nouns
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

/** Undefined if the Activation never ran. */
export async function readRecordStory(
  pool: Pool,
  activation: string,
  record: string,
  behaviors: ReadonlyMap<string, SyncBehavior>,
): Promise<RecordStory | undefined> {
  const row = await findActivation(pool, activation)
  if (row === undefined) return undefined
  const [entries, invalidRows, snapshot, names, drift, nouns] = await Promise.all([
    readStory(pool, row.id, record),
    readInvalidRowsOf(pool, row.id, record),
    readSnapshotEntries(pool, row.id, record),
    readGroupNames(pool, row.id),
    readDriftOf(pool, row.id, record),
    lastNouns(pool, row.id),
  ])
  const behavior = row.immutableSettings?.behavior
  const table = behavior === undefined ? undefined : behaviors.get(behavior)
  const known = nouns ?? nounsWithoutObject((row.immutableSettings?.groups.length ?? 0) > 0)
  const exchanges = await readExchanges(pool, [...new Set(entries.map(({ runId }) => runId))], record)
  return {
    activation,
    record,
    exchanges,
    behavior,
    nouns: known,
    plan: table && (known.group === null ? { ...table, ...table.forRecords } : table).plan,
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
    groups: links.map(({ group }) => group),
    managedGroups: links.filter(({ managed }) => managed !== 'no').map(({ group }) => group),
    desiredGroups: links.filter((link) => link.present).map(({ group }) => group),
    isCreated: entries.some(({ group, managed }) => group === '' && managed !== 'no'),
  }
}
