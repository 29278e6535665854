import type { InvalidRowEntry } from '../../../store/ledger/invalid-rows.ts'
import type { LedgerEntry, StoryEntry } from '../../../store/ledger/ledger.ts'
import type { RecordState } from '../../../engine/record-story.ts'

/** One Outcome of a Run as JSON. `nameOf` returns the name of a group by its id. */
export function outcomeJson(
  { key, group, kind, runId, ordinal: _order, effect: _effect, managed: _managed, ...entry }: LedgerEntry,
  nameOf: (group: string) => string,
): object {
  return { record: key, ...(group !== '' && { group: nameOf(group) }), operation: kind, run: runId, ...entry }
}

/** One Outcome in a Record's history as JSON, with the group's name. */
export function storyEntryJson(entry: StoryEntry, names: Readonly<Record<string, string>>): object {
  const { group, undoes } = entry
  return { ...outcomeJson(entry, (id) => names[id] ?? id), undoes, groups: group === '' ? [] : [names[group] ?? group] }
}

/** An invalid row as JSON. */
export function invalidRowJson({ runId, row, key, code, column, message }: InvalidRowEntry): object {
  return { run: runId, row, record: key, code, column, message }
}

/** The state of a Record as JSON, with group names. */
export function snapshotJson(
  { runId, managedGroups, desiredGroups, isCreated: _isCreated, ...entry }: RecordState,
  names: Readonly<Record<string, string>>,
): object {
  const named = (ids: readonly string[]) => ids.map((id) => names[id] ?? id)
  return { ...entry, run: runId, managed: named(managedGroups), wanted: named(desiredGroups) }
}
