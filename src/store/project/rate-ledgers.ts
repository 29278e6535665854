import { escapeLiteral, type Pool, type QueryResult } from 'pg'
import { textArray } from '../database/text-array.ts'

/** A request of a holder for a share of the rate limit. The next process that updates the ledger answers it. */
export interface SavedAsk {
  readonly holder: string
  /** The holder's own count of its requests. */
  readonly seq: number
  readonly ask: unknown
}

/** How the processes share an account's rate limit now, by the database's clock. */
export interface RateState {
  /** Undefined: nothing is saved yet. */
  readonly ledger: unknown
  readonly version: number
  /** Epoch milliseconds: the time at some moment while the state was read. */
  readonly nowMs: number
  /** How long the read took, by the clock of this process. */
  readonly tookMs: number
  /** The latest request of each holder, oldest first, whether or not the ledger answers it. */
  readonly asks: readonly (SavedAsk & { readonly ageMs: number })[]
}

/** A database that does not answer within this time counts as unreachable. */
const answersWithinMs = 5_000
/**
 * Other holders count a holder as gone by the time of its last request. A holder that was asleep must not save an old
 * time, so a larger difference from the database's clock counts as unknown.
 */
const mostClockErrorMs = 250

const nowOf = 'extract(epoch from clock_timestamp())::float8 * 1000'

/** The columns of a RateState, of the row `b` of `rate_budget` or of none. */
const stateOf = (
  account: string,
): string => `b.ledger, coalesce(b.version, 0)::float8 as version, ${nowOf} as "nowMs", coalesce((
        select jsonb_agg(jsonb_build_object(
          'holder', holder, 'seq', seq, 'ask', ask, 'ageMs', extract(epoch from clock_timestamp() - asked_at) * 1000
        ) order by asked_at, holder)
        from rate_ask where account = ${account} and asked_at > clock_timestamp() - interval '10 s'
      ), '[]') as asks`

const rowOf = (account: string, { holder, seq, ask }: SavedAsk): string =>
  `${escapeLiteral(account)}, ${escapeLiteral(holder)}, ${seq}, ${escapeLiteral(JSON.stringify(ask))}::jsonb, clock_timestamp()`

const replacesEarlier =
  'on conflict (account, holder) do update set seq = excluded.seq, ask = excluded.ask, asked_at = excluded.asked_at'

/** How these budgets are shared now, by place. */
export async function readRateStates(pool: Pool, places: readonly string[]): Promise<ReadonlyMap<string, RateState>> {
  const since = performance.now()
  const { rows } = await pool.query<Omit<RateState, 'tookMs'> & { place: string }>({
    name: 'read-rate-states',
    text: `select p.place, ${stateOf('p.place')}
      from unnest($1::text[]) as p(place) left join rate_budget b on b.account = p.place`,
    values: [places],
  })
  const tookMs = performance.now() - since
  return new Map(rows.map(({ place, ...state }) => [place, { ...state, tookMs }]))
}

/** Saves a request and reads the current state. */
export async function putRateAsk(pool: Pool, account: string, { holder, seq, ask }: SavedAsk): Promise<RateState> {
  return await inOneMessage(
    pool,
    account,
    `
    insert into rate_ask (account, holder, seq, ask, asked_at) select ${rowOf(account, { holder, seq, ask })} ${replacesEarlier}`,
  )
}

/**
 * For a holder that knows the current state: replaces the ledger by one that answers its request, if the ledger still
 * has this version and the database's clock shows this time (`nowMs`). Otherwise saves the request. Returns the current
 * state.
 */
export async function putAnsweredAsk(
  pool: Pool,
  account: string,
  saved: SavedAsk,
  { version, nowMs }: Pick<RateState, 'version' | 'nowMs'>,
  ledger: unknown,
): Promise<RateState> {
  const mine = escapeLiteral(saved.holder)
  return await inOneMessage(
    pool,
    account,
    `
    with replaced as (
      insert into rate_budget (account, ledger, version)
      select ${escapeLiteral(account)}, ${escapeLiteral(JSON.stringify(ledger))}::jsonb, ${version + 1}
      where abs(${nowOf} - ${nowMs}) < ${mostClockErrorMs}
      on conflict (account) do update set ledger = excluded.ledger, version = excluded.version where rate_budget.version = ${version}
      returning version
    ), put as (
      insert into rate_ask (account, holder, seq, ask, asked_at) select ${rowOf(account, saved)} where not exists (select from replaced) ${replacesEarlier}
    )
    delete from rate_ask where account = ${escapeLiteral(account)}
      and ((holder = ${mine} and exists (select from replaced)) or (holder <> ${mine} and asked_at < clock_timestamp() - interval '1 minute'))`,
  )
}

/**
 * Replaces the ledger if it still has this version, and deletes the requests of holders that are no longer in it
 * (`gone`). Returns the current state, whichever process replaced the ledger.
 */
export async function replaceRateLedger(
  pool: Pool,
  account: string,
  version: number,
  ledger: unknown,
  gone: readonly string[],
): Promise<RateState> {
  return await inOneMessage(
    pool,
    account,
    `
    with replaced as (
      insert into rate_budget (account, ledger, version)
      values (${escapeLiteral(account)}, ${escapeLiteral(JSON.stringify(ledger))}::jsonb, ${version + 1})
      on conflict (account) do update set ledger = excluded.ledger, version = excluded.version where rate_budget.version = ${version}
      returning version
    )
    delete from rate_ask where account = ${escapeLiteral(account)} and (asked_at < clock_timestamp() - interval '1 minute'
      or (holder = any(${escapeLiteral(textArray(gone))}::text[]) and exists (select from replaced)))`,
  )
}

/**
 * Without parameters, all of it is one message of PostgreSQL's simple protocol. The server starts when it has the whole
 * message, and commits by itself: a process that is frozen or cut off at any moment leaves no lock behind.
 */
async function inOneMessage(pool: Pool, account: string, change: string): Promise<RateState> {
  const message = {
    text: `set local lock_timeout = '2s'; set local synchronous_commit = off; ${change};
      select ${stateOf(escapeLiteral(account))} from (values (1)) always left join rate_budget b on b.account = ${escapeLiteral(account)}`,
    query_timeout: answersWithinMs,
  }
  const since = performance.now()
  // For several statements pg returns an array of results, which its types do not say.
  const results = (await pool.query(message)) as unknown as readonly QueryResult<RateState>[]
  const state = results.at(-1)?.rows[0]
  if (state === undefined) throw new Error(`the rate budget of ${account} cannot be read`)
  return { ...state, tookMs: performance.now() - since }
}

/** The saved ledgers of these accounts. */
export async function readRateLedgers(pool: Pool, accounts: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await pool.query<{ account: string; ledger: unknown }>(
    'select account, ledger from rate_budget where account = any($1::text[]) and ledger is not null',
    [accounts],
  )
  return new Map(rows.map(({ account, ledger }) => [account, ledger]))
}
