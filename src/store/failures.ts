import type { Pool } from 'pg'
import type { OutcomeStatus } from './ledger.ts'

/** Records of one Run that failed alike. */
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
       from ledger where run_id = $1 and status in ('rejected', 'deferred', 'uncertain')
     ) failed
     where place <= $2 group by status, code order by count desc, code`,
    [runId, named],
  )
  return rows
}

/** Rows of one Run that were refused alike. At most 1,000 rows of a Run are kept by name, so `named` may be less than were refused. */
export interface RefusalGroup {
  readonly code: string
  readonly named: number
  readonly first: readonly { readonly key: string | null; readonly message: string }[]
}

export async function groupRefusals(pool: Pool, runId: number, named: number): Promise<RefusalGroup[]> {
  const { rows } = await pool.query<RefusalGroup>(
    `select code, max(total)::int as named,
       json_agg(json_build_object('key', key, 'message', message) order by number) as first
     from (
       select code, key, message, number,
         count(*) over (partition by code) as total, row_number() over (partition by code order by number) as place
       from refusal where run_id = $1
     ) refused
     where place <= $2 group by code order by named desc, code`,
    [runId, named],
  )
  return rows
}
