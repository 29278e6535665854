import type { Pool } from 'pg'
import { Fault } from '../model/fault.ts'
import type { Outcome } from '../model/outcome.ts'

/** Who holds a Run: every mark and settlement carries it, and fails when the Run was taken over meanwhile. */
export interface Holder {
  readonly runId: number
  readonly activationId: number
  readonly attempt: number
}

export interface BatchRange {
  readonly first: number
  readonly last: number
}

export interface SettledBatch {
  readonly range: BatchRange
  readonly outcomes: readonly { readonly ordinal: number; readonly outcome: Outcome }[]
}

function leaseLost(): Fault {
  return new Fault('transient', 'This Run was taken over by another process.', {
    code: 'lease-lost', advice: 'Look at the newer Run; this one wrote nothing more.',
  })
}

/** Marks batches in doubt, before they are sent. */
export async function markBatches(pool: Pool, holder: Holder, ranges: readonly BatchRange[]): Promise<void> {
  const { rowCount } = await pool.query({
    name: 'mark-batches',
    text: `insert into batch (run_id, first_ordinal, last_ordinal, attempt)
           select held.id, b.first_ordinal, b.last_ordinal, held.attempt
           from (select id, attempt from run where id = $1 and attempt = $2 and finished_at is null for share) held,
             unnest($3::bigint[], $4::bigint[]) as b (first_ordinal, last_ordinal)`,
    values: [holder.runId, holder.attempt, ranges.map(({ first }) => first), ranges.map(({ last }) => last)],
  })
  if (rowCount !== ranges.length) throw leaseLost()
}

/**
 * Settles batches: Ledger and Snapshot move together, in one statement, from Outcomes alone, and only while the Run is ours.
 * A `deferred` Record leaves the Snapshot as it was, so it is still different and the next Run plans it again.
 * `not-found` and `conflict` are asked again by the next Run, then after 1 hour, 2, 4 … at most 7 days; other refusals wait
 * for the row to change or for a person.
 *
 * `limit 1` keeps the planner from joining in any other way than by index: a plan it made for the first batches,
 * before it knows the sizes, would read the whole Plan for each.
 */
export async function settleBatches(pool: Pool, holder: Holder, batches: readonly SettledBatch[]): Promise<void> {
  const columns = outcomeColumns(batches.flatMap(({ outcomes }) => outcomes))
  const { rows } = await pool.query<{ held: string }>({
    name: 'settle-batches',
    text: `with held as (
        select id from run where id = $1 and attempt = $2 and finished_at is null for share
      ), answered as (
        select o.ordinal, p.key, p.kind, p.reason, o.status, o.code, o.message, o.field, o.http_status, o.request_id, o.target_id
        from held, unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::text[], $12::text[])
          as o (ordinal, status, code, message, field, http_status, request_id, target_id)
        cross join lateral (select key, kind, reason from operation where run_id = $1 and ordinal = o.ordinal limit 1) p
      ), written as (
        insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message, field, http_status, request_id, target_id)
        select $1, ordinal, $2, $3, key, kind, reason, status, code, message, field, http_status, request_id, target_id from answered
      ), believed as (
        insert into snapshot as n (activation_id, key, state, tries, retry_at, run_id)
        select $3, key, case status when 'rejected' then 'refused' when 'uncertain' then 'doubt' else 'holds' end,
          case status when 'rejected' then 1 else 0 end, case when status = 'rejected' and code in ('not-found', 'conflict') then now() end, $1
        from answered where status <> 'deferred'
        on conflict (activation_id, key) do update set
          state = excluded.state, run_id = excluded.run_id, present = true,
          tries = case when excluded.state <> 'refused' then 0 else n.tries + 1 end,
          retry_at = case when excluded.retry_at is null or n.tries = 0 then excluded.retry_at
            else excluded.retry_at + least(interval '1 hour' * power(2, least(n.tries - 1, 20)), interval '7 days') end
      ), done as (
        update batch set settled_at = now() from held where run_id = $1 and first_ordinal = any($4::bigint[]) and attempt = $2
      )
      select count(*) as held from held`,
    values: [holder.runId, holder.attempt, holder.activationId, batches.map(({ range }) => range.first), ...columns],
  })
  if (rows[0]?.held !== '1') throw leaseLost()
}

/** A column of which nothing is known for any Record goes as an empty array: `unnest` fills it up with nulls. */
function outcomeColumns(outcomes: readonly { ordinal: number; outcome: Outcome }[]): unknown[][] {
  const columns: unknown[][] = [[], [], [], [], [], [], [], []]
  const known = [true, true, false, false, false, false, false, false]
  for (const { ordinal, outcome } of outcomes) {
    const cells = [
      ordinal, outcome.status, 'code' in outcome ? outcome.code : undefined, 'message' in outcome ? outcome.message : undefined,
      outcome.status === 'rejected' ? outcome.field : undefined, outcome.status === 'rejected' ? outcome.httpStatus : undefined,
      outcome.requestId, outcome.targetId,
    ]
    cells.forEach((cell, at) => {
      columns[at]?.push(cell)
      known[at] ||= cell !== undefined
    })
  }
  return columns.map((column, at) => known[at] === true ? column : [])
}

/** Writes down, for every Operation that was never answered, why: it is on hold, and the next Run plans it again. */
export async function holdTheRest(pool: Pool, holder: Holder, code: string, message: string): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message)
     select p.run_id, p.ordinal, $2, $3, p.key, p.kind, p.reason, 'deferred', $4, $5
     from operation p
     where p.run_id = $1 and exists (select from run where id = $1 and attempt = $2 and finished_at is null)
       and not exists (select from ledger l where l.run_id = $1 and l.ordinal = p.ordinal)`,
    [holder.runId, holder.attempt, holder.activationId, code, message],
  )
  return rowCount ?? 0
}
