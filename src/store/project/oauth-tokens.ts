import type { Pool, QueryResult, QueryResultRow } from 'pg'

/** The saved state of one OAuth grant. */
export interface TokenRow {
  readonly sealed: string | null
  /** `sealed` holds a refresh token that replaced the configured one. */
  readonly rotated: boolean
  /** The claim that the token was granted under; 0: none was granted. */
  readonly version: number
  /** The latest claim; 0: there was none. */
  readonly claim: number
  /** Whether a worker holds the latest claim now. */
  readonly claimed: boolean
  readonly failure: unknown
  /** The claim that ended with `failure`. */
  readonly failedClaim: number
}

export interface TokenClaim {
  /** Fencing count. */
  readonly claim: number
  /** The worker of the claim before ended, or was frozen, before it said how its request went. */
  readonly takenOver: boolean
}

/** A database that does not answer within this time counts as unreachable. */
const answersWithinMs = 5_000

async function ask<T extends QueryResultRow>(pool: Pool, text: string, values: unknown[]): Promise<QueryResult<T>> {
  const query = { text, values, query_timeout: answersWithinMs }
  return await pool.query<T>(query)
}

const until = (leaseMs: string): string => `clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`

/** Undefined: nothing is saved. Notes once a day that the token is in use. */
export async function readTokenRow(pool: Pool, identity: string): Promise<TokenRow | undefined> {
  const { rows } = await ask<TokenRow & { readonly stale: boolean }>(
    pool,
    `select sealed, rotated, version::float8 as version, claim::float8 as claim,
        coalesce(claimed_until > clock_timestamp(), false) as claimed, failure, failed_claim::float8 as "failedClaim",
        used_at < now() - interval '1 day' as stale
      from oauth_token where identity = $1`,
    [identity],
  )
  const [row] = rows
  if (row?.stale === true) await ask(pool, 'update oauth_token set used_at = now() where identity = $1', [identity])
  return row
}

/**
 * Takes the right to ask the vendor for the next token, for `leaseMs`. No lock is held meanwhile. Undefined: another
 * worker holds it, or has saved a token newer than `version`.
 */
export async function claimToken(
  pool: Pool,
  identity: string,
  version: number,
  worker: string,
  leaseMs: number,
): Promise<TokenClaim | undefined> {
  const { rows } = await ask<TokenClaim>(
    pool,
    `insert into oauth_token as t (identity, claim, claimed_by, claimed_until)
      select $1, 1, $3, ${until('$4')} where $2::bigint = 0 or exists (select from oauth_token where identity = $1)
      on conflict (identity) do update set claim = t.claim + 1, claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until,
        taken_over = t.claimed_until is not null
      where t.version = $2 and (t.claimed_until is null or t.claimed_until <= clock_timestamp())
      returning claim::float8 as claim, taken_over as "takenOver"`,
    [identity, version, worker, leaseMs],
  )
  return rows[0]
}

/** Whether the claim is still the latest; if so, it lasts `leaseMs` from now. */
export async function extendTokenClaim(pool: Pool, identity: string, claim: number, leaseMs: number): Promise<boolean> {
  const { rowCount } = await ask(
    pool,
    `update oauth_token set claimed_until = ${until('$3')} where identity = $1 and claim = $2 and claimed_until is not null`,
    [identity, claim, leaseMs],
  )
  return rowCount === 1
}

/**
 * Saves a granted token and ends its claim. A worker whose claim was taken over meanwhile still saves its token if no
 * later claim has saved one: its refresh token may be the only one that is valid. Returns whether it was saved.
 */
export async function saveToken(
  pool: Pool,
  identity: string,
  claim: number,
  { sealed, rotated }: { readonly sealed: string; readonly rotated: boolean },
): Promise<boolean> {
  const { rowCount } = await ask(
    pool,
    `update oauth_token set sealed = $3, rotated = $4, version = $2, failure = null, used_at = now(),
        claimed_until = case when claim = $2 then null else claimed_until end
      where identity = $1 and version < $2`,
    [identity, claim, sealed, rotated],
  )
  return rowCount === 1
}

/** Ends a claim without a token. `failure`: for the workers that wait for it; undefined: they ask themselves. */
export async function endTokenClaim(
  pool: Pool,
  identity: string,
  claim: number,
  failure: object | undefined,
): Promise<void> {
  await ask(
    pool,
    `update oauth_token set claimed_until = null, failure = $3,
        failed_claim = case when $3::jsonb is null then failed_claim else $2 end
      where identity = $1 and claim = $2`,
    [identity, claim, failure === undefined ? null : JSON.stringify(failure)],
  )
}

/** Deletes tokens that no worker has used for a year: their connection was deleted, or has other credentials now. */
export async function forgetUnusedTokens(pool: Pool): Promise<void> {
  await pool.query(`delete from oauth_token where used_at < now() - interval '1 year'`)
}
