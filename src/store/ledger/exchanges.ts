import type { Pool } from 'pg'
import type { OutcomeStatus } from './ledger.ts'
import type { RunLease } from '../snapshot/marks.ts'

/** The start of a body, and its whole size in bytes. */
export interface ExchangeBody {
  readonly text: string
  readonly size: number
}

/** A call as users see it: truncated, and without secrets. */
export interface ShownCall {
  readonly method: string
  readonly path: string
  readonly request: ExchangeBody | undefined
  /** Undefined: no answer came. */
  readonly httpStatus: number | undefined
  readonly answer: ExchangeBody | undefined
  readonly requestId: string | undefined
  /** Why there is no answer, or no answer that settles anything. */
  readonly trouble: string | undefined
}

/** The request and the answer of a Plan line that failed. */
export interface KeptExchange extends ShownCall {
  readonly ordinal: number
  readonly key: string
  readonly status: OutcomeStatus
  readonly code: string
}

/** Saves them while the lease is valid: a process that lost its lease writes nothing. */
export async function keepExchanges(
  pool: Pool,
  { runId, attempt }: RunLease,
  exchanges: readonly KeptExchange[],
): Promise<void> {
  if (exchanges.length === 0) return
  await pool.query(
    `insert into exchange (run_id, ordinal, key, status, code, method, path, request, request_size, http_status, answer, answer_size, request_id, trouble)
     select lease.id, e.* from (select id from run where id = $1 and attempt = $2 and finished_at is null for share) lease,
       unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::int[], $12::text[], $13::int[], $14::text[], $15::text[]) e
     on conflict do nothing`,
    [runId, attempt, ...columns(exchanges)],
  )
}

function columns(exchanges: readonly KeptExchange[]): unknown[][] {
  const rows = exchanges.map(
    ({ ordinal, key, status, code, method, path, request, httpStatus, answer, requestId, trouble }) => [
      ordinal,
      key,
      status,
      code,
      method,
      path,
      request?.text,
      request?.size ?? 0,
      httpStatus,
      answer?.text,
      answer?.size ?? 0,
      requestId,
      trouble,
    ],
  )
  return rows[0]?.map((_, column) => rows.map((row) => row[column] ?? null)) ?? []
}

export interface ExchangeEntry extends KeptExchange {
  readonly runId: number
  readonly at: Date
}

/** What was saved of one Record in these Runs, in the order of their Plans. */
export async function readExchanges(pool: Pool, runIds: readonly number[], key: string): Promise<ExchangeEntry[]> {
  if (runIds.length === 0) return []
  const { rows } = await pool.query<Row>(
    `select run_id::float8 as "runId", ordinal::float8 as ordinal, key, status, code, at, method, path, request, request_size as "requestSize",
       http_status as "httpStatus", answer, answer_size as "answerSize", request_id as "requestId", trouble
     from exchange where run_id = any($1::bigint[]) and key = $2 order by run_id, exchange.ordinal`,
    [runIds, key],
  )
  return rows.map(({ request, requestSize, httpStatus, answer, answerSize, requestId, trouble, ...rest }) => ({
    ...rest,
    request: bodyOf(request, requestSize),
    httpStatus: httpStatus ?? undefined,
    answer: bodyOf(answer, answerSize),
    requestId: requestId ?? undefined,
    trouble: trouble ?? undefined,
  }))
}

type Row = Pick<ExchangeEntry, 'runId' | 'ordinal' | 'key' | 'status' | 'code' | 'at' | 'method' | 'path'> & {
  readonly request: string | null
  readonly requestSize: number
  readonly httpStatus: number | null
  readonly answer: string | null
  readonly answerSize: number
  readonly requestId: string | null
  readonly trouble: string | null
}

function bodyOf(text: string | null, size: number): ExchangeBody | undefined {
  return text === null ? undefined : { text, size }
}
