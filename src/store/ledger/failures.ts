import type { Pool } from 'pg'
import type { OutcomeStatus } from './ledger.ts'

/** Records of one Run that failed for the same reason. */
export interface FailureGroup {
  readonly status: OutcomeStatus
  readonly code: string
  readonly count: number
  /** The first few, in the order of the Plan. */
  readonly first: readonly { readonly key: string; readonly message: string; readonly requestId: string | null }[]
}

/** Why Records of a Run failed, the most frequent reason first. */
export async function groupFailures(pool: Pool, runId: number, named: number): Promise<FailureGroup[]> {
  const { rows } = await pool.query<FailureGroup>(
    `select status, code, max(total)::int as count,
       json_agg(json_build_object('key', key, 'message', coalesce(message, ''), 'requestId', request_id) order by ordinal) as first
     from (
       select status, coalesce(code, '') as code, key, message, request_id, ordinal,
         count(*) over (partition by status, code) as total, row_number() over (partition by status, code order by ordinal) as place
       from (select distinct on (status, code, key) * from ledger where run_id = $1 and status in ('rejected', 'on-hold', 'unconfirmed') order by status, code, key, ordinal) once
     ) failed
     where place <= $2 group by status, code order by count desc, code`,
    [runId, named],
  )
  return rows
}
