import type { Pool } from 'pg'

export interface KeptAnswer {
  readonly status: number
  readonly reply: unknown
}

/**
 * `first`: a new request, so do it. `busy`: the first one is in progress. `other`: the key was used for another
 * request.
 */
export type Asked = 'first' | 'busy' | 'other' | KeptAnswer

/** A request without an answer for this long was lost with its process. */
const lostAfter = '2 minutes'

/** Saves that a request is in progress; deletes requests older than a day. `request`: its digest. */
export async function askOnce(pool: Pool, key: string, request: string): Promise<Asked> {
  await pool.query(
    `delete from idempotency where asked_at < now() - interval '24 hours' or (status is null and asked_at < now() - interval '${lostAfter}')`,
  )
  const { rowCount } = await pool.query(
    'insert into idempotency (key, request) values ($1, $2) on conflict do nothing',
    [key, request],
  )
  if (rowCount === 1) return 'first'
  const {
    rows: [kept],
  } = await pool.query<{ request: string; status: number | null; reply: unknown }>(
    'select request, status, reply from idempotency where key = $1',
    [key],
  )
  if (kept === undefined) return 'busy'
  if (kept.request !== request) return 'other'
  return kept.status === null ? 'busy' : { status: kept.status, reply: kept.reply }
}

export async function keepAnswer(pool: Pool, key: string, { status, reply }: KeptAnswer): Promise<void> {
  await pool.query('update idempotency set status = $2, reply = $3 where key = $1', [
    key,
    status,
    JSON.stringify(reply),
  ])
}

/** The request failed, and may be repeated. */
export async function forgetAsked(pool: Pool, key: string): Promise<void> {
  await pool.query('delete from idempotency where key = $1 and status is null', [key])
}
