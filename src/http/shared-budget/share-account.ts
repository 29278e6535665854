import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { HttpPolicy } from '../../connect/io.ts'
import { readAccountBudget, type RateState } from '../../store/project/rate-ledgers.ts'
import { recall, remember } from '../../store/project/remembered-facts.ts'
import { grantIdentity } from '../auth/token-request.ts'
import type { HttpClient } from '../http-client-contract.ts'
import { accountBudget } from './rate-budget.ts'

/** What a process needs to take part in a budget. */
export interface BudgetPorts {
  readonly database: Pool
  readonly worker: string
  readonly random: () => number
}

/**
 * Connects a client to the budget of its account. Only the first call reports the account, so the account of known
 * credentials is stored, under a hash of them, and then the first call already takes a permit. Call the returned
 * function with the account's id once it is known.
 */
export async function shareAccount(
  client: HttpClient,
  target: string,
  policy: HttpPolicy,
  ports: BudgetPorts,
): Promise<(accountId: string) => Promise<void>> {
  const { database, worker, random } = ports
  const holder = `${worker} ${random().toString(36).slice(2)}`
  const use = (accountId: string, state?: RateState): void =>
    client.useBudget(accountBudget(database, `${target}/${accountId}`, holder, state))
  const known = await readAccountBudget(database, target, hashOf(target, policy))
  if (known !== undefined) use(known.accountId, known)
  return async (accountId) => {
    if (accountId === known?.accountId) return
    use(accountId)
    await remember(database, 'account-of', hashOf(target, policy), accountId)
  }
}

/** The account's id at the vendor, if a call with these credentials reported it before. */
export async function accountOf(database: Pool, target: string, policy: HttpPolicy): Promise<string | undefined> {
  return await recall(database, 'account-of', hashOf(target, policy))
}

function hashOf(target: string, { baseUrl, auth }: HttpPolicy): string {
  // Access tokens change, so an OAuth grant is named by itself.
  const credentials = 'bearer' in auth ? [baseUrl, auth.bearer] : [grantIdentity(auth.oauth2)]
  return createHash('sha256')
    .update(JSON.stringify([target, ...credentials]))
    .digest('hex')
}
