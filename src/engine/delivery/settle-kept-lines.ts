import { partTargets } from '../../store/snapshot/write-snapshot.ts'
import type { EntryChange } from '../../model/entry.ts'
import { refName } from '../../model/record.ts'
import { readOperations, type PlannedOperation } from '../../store/plans/operations.ts'
import { readEntries } from '../../store/snapshot/read-entries.ts'
import { writeSettlement } from '../../store/snapshot/write-snapshot.ts'
import { keptLedgerLine, settleKept } from '../../rules/settlement/settle-kept.ts'
import type { RunContext } from '../run-context.ts'

/** Lines of the Plan that are read at a time. */
const pageSize = 5000

/** A Plan: all its lines, and the Records that are written to. */
export interface PlanSize {
  readonly lines: number
  readonly planned: number
}

/**
 * Settles all lines of a Plan that ask nothing of the Target. Needs no calls. Before anything is settled, links of
 * Records that have another target record now are separated from their former one.
 */
export async function settleKeptLines(
  context: Pick<RunContext, 'activation' | 'lease' | 'ports'>,
  { lines, planned }: PlanSize,
): Promise<void> {
  const {
    activation,
    lease,
    ports: { database },
  } = context
  if (activation.object.group !== undefined) await partTargets(database, lease)
  if (lines === planned) return
  let open: readonly PlannedOperation[] = []
  for await (const page of readOperations(database, lease.runId, {
    lines,
    pageSize,
    kinds: ['skip', 'reject', 'wait'],
  })) {
    // All lines of a Record are settled together. They are adjacent, but the last Record of a page may continue in the
    // next.
    const all = [...open, ...page]
    const last = all[all.length - 1]?.key
    const cut = all.findIndex(({ key }) => key === last)
    await settlePage(all.slice(0, cut))
    open = all.slice(cut)
  }
  await settlePage(open)

  async function settlePage(kept: readonly PlannedOperation[]): Promise<void> {
    if (kept.length === 0) return
    const adopts = activation.ownership === 'adopt'
    const { at, entries } = await readEntries(database, lease.activationId, kept)
    const changes: EntryChange[] = []
    for (const [name, [first, ...others]] of Map.groupBy(kept, refName)) {
      if (first === undefined) continue
      const before = entries.get(name)
      const entry = settleKept(before, [first, ...others], adopts, { runId: lease.runId, at })
      if (entry !== undefined && entry !== before && !(entry === null && before === undefined))
        changes.push({ key: first.key, group: first.group, entry })
    }
    await writeSettlement(database, lease, { lines: kept.map((line) => keptLedgerLine(line, adopts)), changes })
  }
}
