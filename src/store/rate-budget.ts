import type { Pool } from 'pg'
import { inTransaction } from './transaction.ts'

/**
 * Changes what the database keeps of an account's rate limit: one after another, whoever asks. `change` gets what the last one left
 * (undefined: nothing) and the database's clock in epoch milliseconds, the same for all.
 */
export async function changeRateLedger<Answer>(
  pool: Pool, account: string, change: (ledger: unknown, nowMs: number) => { readonly ledger: unknown; readonly answer: Answer },
): Promise<Answer> {
  return await inTransaction(pool, async (client) => {
    const read = () => client.query<{ ledger: unknown; now: number }>(
      `select ledger, extract(epoch from clock_timestamp())::float8 * 1000 as now from rate_budget where account = $1 for update`, [account])
    let { rows: [row] } = await read()
    if (row === undefined) {
      await client.query('insert into rate_budget (account) values ($1) on conflict do nothing', [account])
      row = (await read()).rows[0]
    }
    if (row === undefined) throw new Error(`the rate budget of ${account} was deleted while it was used`)
    const { ledger, answer } = change(row.ledger ?? undefined, row.now)
    await client.query('update rate_budget set ledger = $2 where account = $1', [account, JSON.stringify(ledger)])
    return answer
  })
}

/** What is kept of these accounts now. */
export async function readRateLedgers(pool: Pool, accounts: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await pool.query<{ account: string; ledger: unknown }>('select account, ledger from rate_budget where account = any($1::text[]) and ledger is not null', [accounts])
  return new Map(rows.map(({ account, ledger }) => [account, ledger]))
}
