import type { ClientBase } from 'pg'
import type { Entry } from '../../model/entry.ts'
import { refName, type RecordRef } from '../../model/record.ts'
import { noHistory } from '../../rules/settlement/settled-line.ts'
import { interrupted } from '../../rules/settlement/unconfirmed.ts'
import { readMarked } from '../../store/runs/recover-runs.ts'
import { readEntries, readHistories } from '../../store/snapshot/read-entries.ts'
import { writeEntries } from '../../store/snapshot/write-snapshot.ts'
import { asWriting } from './settle-answers.ts'

/**
 * Makes unconfirmed in the Snapshot what these Runs marked without an Outcome, within the caller's transaction: it may have
 * been sent. Of what a job of the Target still works on, only links: other Activations must see that they are wanted.
 * Returns the number of these Records.
 */
export async function writeInterrupted(
  client: ClientBase,
  activationId: number,
  runs: readonly number[],
): Promise<number> {
  const marked = runs.length === 0 ? [] : await readMarked(client, runs)
  if (marked.length === 0) return 0
  const records = [
    ...new Map(
      marked.map(({ line: { key, group } }) => [refName({ key, group }), { key, group, targetId: null }]),
    ).values(),
  ]
  const { entries } = await readEntries(client, activationId, records)
  const histories = await readHistories(client, activationId, 0, records)
  const changed = new Map<string, RecordRef & { readonly entry: Entry }>()
  for (const { runId, markedAt, line } of marked) {
    const name = refName(line)
    const before = changed.get(name)?.entry ?? entries.get(name)
    changed.set(name, {
      key: line.key,
      group: line.group,
      entry: interrupted(before, asWriting(line), markedAt, histories.get(name) ?? noHistory, runId),
    })
  }
  await writeEntries(client, activationId, [...changed.values()])
  return changed.size
}
