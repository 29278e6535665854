import type { InvalidRowEntry } from '../../../store/ledger/invalid-rows.ts'
import type { LedgerEntry, SnapshotEntry, StoryEntry } from '../../../store/ledger/ledger.ts'

/** One Outcome of a Run, as scripts get it. */
export function outcomeJson({ key, kind, runId, ordinal: _order, ...entry }: LedgerEntry): object {
  return { record: key, operation: kind, run: runId, ...entry }
}

/** One Outcome in a Record's story, as scripts get it: groups by name. */
export function storyEntryJson({ groups, ...entry }: StoryEntry, names: Readonly<Record<string, string>>): object {
  return { ...outcomeJson(entry), undoes: entry.undoes, groups: (groups ?? []).map((id) => names[id] ?? id) }
}

/** A row that could not become a Record, as scripts get it. */
export function invalidRowJson({ runId, row, key, code, column, message }: InvalidRowEntry): object {
  return { run: runId, row, record: key, code, column, message }
}

/** What is believed of a Record, as scripts get it: groups by name. */
export function snapshotJson({ runId, managed, desiredGroups: wanted, ...entry }: SnapshotEntry, names: Readonly<Record<string, string>>): object {
  const named = (ids: readonly string[]) => ids.map((id) => names[id] ?? id)
  return { ...entry, run: runId, managed: named(managed), wanted: wanted && named(wanted) }
}
