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

/** Streams the Plan in pages, by key set, so that its size does not matter. */
export async function* readOperations(pool: Pool, runId: number, pageSize: number): AsyncIterable<readonly PlannedOperation[]> {
  let after = 0
  for (;;) {
    const { rows } = await pool.query<PlannedOperation>({
      name: 'read-operations',
      text: `select ordinal::float8 as ordinal, key, kind, reason from operation
             where run_id = $1 and ordinal > $2 order by ordinal limit $3`,
      values: [runId, after, pageSize],
    })
    if (rows.length === 0) return
    yield rows
    after = rows[rows.length - 1]?.ordinal ?? after
  }
}

export async function dropOperations(pool: Pool, runId: number): Promise<void> {
  await pool.query('delete from operation where run_id = $1', [runId])
}
