import type { Pool } from 'pg'
import { entryColumns, type LedgerEntry, type OutcomeStatus } from './ledger.ts'

export interface RecordFilter {
  readonly status?: OutcomeStatus | undefined
  readonly code?: string | undefined
  /** The Record's Key, exactly. */
  readonly record?: string | undefined
  /** Only lines of the Plan after this one. */
  readonly after: number
  readonly limit: number
}

/**
 * Records of a Run in the order of its Plan. Each filter has an index in that order, so that every page costs the same
 * (a bare `ordinal` would mean the output column, which has no index).
 */
export async function pageRecords(
  pool: Pool,
  { id, activationId }: { readonly id: number; readonly activationId: number },
  { status, code, record, after, limit }: RecordFilter,
): Promise<LedgerEntry[]> {
  const { rows } = await pool.query<LedgerEntry>(
    `select ${entryColumns} from ledger
     where run_id = $1 and ordinal > $2 and ($3::text is null or status = $3) and ($4::text is null or code = $4)
       and ($5::text is null or (activation_id = $6 and key = $5))
     order by ledger.ordinal limit $7`,
    [id, after, status ?? null, code ?? null, record ?? null, activationId, limit],
  )
  return rows
}
