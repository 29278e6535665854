import type { InvalidRowEntry } from '../../../store/ledger/invalid-rows.ts'
import type { LedgerEntry, SnapshotEntry, StoryEntry } from '../../../store/ledger/ledger.ts'

/** One Outcome of a Run as JSON. */
export function outcomeJson({ key, kind, runId, ordinal: _order, ...entry }: LedgerEntry): object {
  return { record: key, operation: kind, run: runId, ...entry }
}

/** One Outcome in a Record's history as JSON, with group names. */
export function storyEntryJson({ groups, ...entry }: StoryEntry, names: Readonly<Record<string, string>>): object {
  return { ...outcomeJson(entry), undoes: entry.undoes, groups: (groups ?? []).map((id) => names[id] ?? id) }
}

/** An invalid row as JSON. */
export function invalidRowJson({ runId, row, key, code, column, message }: InvalidRowEntry): object {
  return { run: runId, row, record: key, code, column, message }
}

/** A Snapshot entry as JSON, with group names. */
export function snapshotJson({ runId, managed, desiredGroups: wanted, ...entry }: SnapshotEntry, names: Readonly<Record<string, string>>): object {
  const named = (ids: readonly string[]) => ids.map((id) => names[id] ?? id)
  return { ...entry, run: runId, managed: named(managed), wanted: wanted && named(wanted) }
}
