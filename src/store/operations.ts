import type { Pool } from 'pg'
import type { OperationKind, Reason } from '../model/operation.ts'
import type { Key } from '../model/record.ts'

/** One line of a Run's Plan. Ordinals count from 1. */
export interface PlannedOperation {
  readonly ordinal: number
  readonly key: Key
  readonly kind: OperationKind
  readonly reason: Reason
}

/**
 * Streams the Plan in pages; the next is under way while one is worked on. Ordinals have no gaps, so a page is a range of them,
 * which costs the same wherever it lies and whatever the planner believes about a table that was just filled.
 */
export async function* readOperations(pool: Pool, runId: number, pageSize: number): AsyncIterable<readonly PlannedOperation[]> {
  let next = readPage(pool, runId, 0, pageSize)
  for (;;) {
    const rows = await next
    const last = rows[rows.length - 1]
    if (last === undefined) return
    if (rows.length === pageSize) {
      next = readPage(pool, runId, last.ordinal, pageSize)
      // Whoever leaves before asking for this page needs no error of it; whoever asks still gets it.
      next.catch(() => undefined)
    }
    yield rows
    if (rows.length < pageSize) return
  }
}

async function readPage(pool: Pool, runId: number, after: number, pageSize: number): Promise<readonly PlannedOperation[]> {
  const { rows } = await pool.query<PlannedOperation>({
    name: 'read-operations',
    text: `select ordinal::float8 as ordinal, key, kind, reason from operation
           where run_id = $1 and ordinal > $2 and ordinal <= $3 order by ordinal`,
    values: [runId, after, after + pageSize],
  })
  return rows
}

export async function dropOperations(pool: Pool, runId: number): Promise<void> {
  await pool.query('delete from operation where run_id = $1', [runId])
}
