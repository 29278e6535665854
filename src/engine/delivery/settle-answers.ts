import type { Pool } from 'pg'
import type { EntryChange, LedgerLine } from '../../model/entry.ts'
import type { OperationKind } from '../../model/operation.ts'
import { refName } from '../../model/record.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'
import type { Batch, RunLease, SettledOutcome } from '../../store/snapshot/marks.ts'
import { readEntries, readHistories } from '../../store/snapshot/read-entries.ts'
import { writeSettlement, type Settlement } from '../../store/snapshot/write-snapshot.ts'
import { ledgerLine, needsHistory, settle } from '../../rules/settlement/settle.ts'
import { noHistory, type Answered, type SettledLine } from '../../rules/settlement/settled-line.ts'

/** A batch with its answers. */
export interface SettledBatch {
  readonly batch: Batch
  readonly lines: readonly PlannedOperation[]
  /** When it was marked, in unix milliseconds by the database's clock. Null if nothing was left to send. */
  readonly markedAt: number | null
  readonly outcomes: readonly SettledOutcome[]
  /** A job of the Target still works on the lines without an Outcome, so the batch stays open. */
  readonly isAtWork?: boolean
}

/**
 * Settles batches: writes Ledger and Snapshot together, from Outcomes only, and only while this process holds the Run's
 * lease. `settle` (src/rules/settlement/settle.ts) decides the new Entry of each Record. `write`: how to write it, if it is booked
 * under another Run than the one that holds the lease.
 */
export async function settleBatches(
  pool: Pool,
  lease: RunLease,
  batches: readonly SettledBatch[],
  write: (settlement: Settlement) => Promise<void> = (settlement) => writeSettlement(pool, lease, settlement),
): Promise<void> {
  // The answers about one Record are settled together, and they are of one kind.
  for (const kind of new Set(batches.map(({ batch }) => batch.kind))) {
    await settleAlike(
      pool,
      lease,
      batches.filter(({ batch }) => batch.kind === kind),
      write,
    )
  }
}

async function settleAlike(
  pool: Pool,
  lease: RunLease,
  batches: readonly SettledBatch[],
  write: (settlement: Settlement) => Promise<void>,
): Promise<void> {
  const byRecord = new Map<string, [Answered, ...Answered[]]>()
  const lines: LedgerLine[] = []
  for (const answered of batches.flatMap(answersOf)) {
    lines.push(ledgerLine(answered))
    const name = refName(answered.line)
    const others = byRecord.get(name)
    if (others === undefined) byRecord.set(name, [answered])
    else others.push(answered)
  }
  if (lines.length === 0) return
  const { at, entries } = await readEntries(pool, lease.activationId, lines)
  const needing = [...byRecord.values()].filter((answers) => answers.some(needsHistory))
  const histories =
    needing.length === 0
      ? undefined
      : await readHistories(
          pool,
          lease.activationId,
          lease.runId,
          needing.map(([{ line, outcome }]) => ({
            key: line.key,
            group: line.group,
            targetId: outcome.targetId ?? line.targetId,
          })),
        )
  const changes: EntryChange[] = []
  for (const [name, answers] of byRecord) {
    const before = entries.get(name)
    const entry = settle(before, answers, histories?.get(name) ?? noHistory, { runId: lease.runId, at })
    if (entry !== undefined && entry !== before)
      changes.push({ key: answers[0].line.key, group: answers[0].line.group, entry })
  }
  await write({
    lines,
    changes,
    batches: batches.flatMap(({ batch, isAtWork = false }) => (isAtWork ? [] : [batch.ordinals[0] ?? 0])),
  })
}

function answersOf({ batch, lines, markedAt, outcomes }: SettledBatch): Answered[] {
  const certain = new Map(batch.read?.map(({ ordinal, isAbsent }) => [ordinal, isAbsent]))
  const byOrdinal = new Map(lines.map((line) => [line.ordinal, line]))
  return outcomes.map(({ ordinal, ...answer }) => {
    const line = byOrdinal.get(ordinal)
    if (line === undefined) throw new Error(`an answer to line ${ordinal}, which is not in its batch`)
    return { line: asWriting({ ...line, certain: certain.get(ordinal) ?? line.certain }), markedAt, ...answer }
  })
}

/** Narrows the type to a line that writes. Only such lines are marked and answered. */
export function asWriting(line: PlannedOperation): SettledLine {
  const { kind } = line
  if (kind === 'skip' || kind === 'reject' || kind === 'wait')
    throw new Error(`line ${line.ordinal} asks nothing of the Target`)
  return { ...line, kind: kind satisfies OperationKind }
}
