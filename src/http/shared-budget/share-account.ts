import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { HttpPolicy } from '../../connect/http-policy.ts'
import { readRateStates, type RateState } from '../../store/project/rate-ledgers.ts'
import { recall, remember } from '../../store/project/remembered-facts.ts'
import { grantIdentity } from '../auth/token-request.ts'
import type { HttpClient } from '../http-client-contract.ts'
import { limitBudgets, type PlaceOf } from './limit-budgets.ts'

/** What a process needs to take part in a budget. */
export interface BudgetPorts {
  readonly database: Pool
  readonly worker: string
  readonly random: () => number
}

/**
 * Connects a client to the budgets of its account, one for each limit. Only the first call reports the account, so the
 * account of known credentials is stored, under a hash of them, and then the first call already takes a permit. Call the
 * returned function with the account's id once it is known.
 */
export async function shareAccount(
  client: HttpClient,
  target: string,
  policy: HttpPolicy,
  ports: BudgetPorts,
): Promise<(accountId: string) => Promise<void>> {
  const { database, worker, random } = ports
  const holder = `${worker} ${random().toString(36).slice(2)}`
  const credentials = hashOf(target, policy)
  const use = (accountId: string, states?: ReadonlyMap<string, RateState>): void =>
    client.useBudgets(limitBudgets(database, placeIn(target, accountId, policy), holder, states))
  const known = await recall(database, 'account-of', credentials)
  if (known !== undefined) {
    const places = policy.limits.map(placeIn(target, known, policy))
    use(known, await readRateStates(database, places))
  }
  return async (accountId) => {
    if (accountId === known) return
    use(accountId)
    await remember(database, 'account-of', credentials, accountId)
  }
}

/** The account's id at the vendor, if a call with these credentials reported it before. */
export async function accountOf(database: Pool, target: string, policy: HttpPolicy): Promise<string | undefined> {
  return await recall(database, 'account-of', hashOf(target, policy))
}

/** Where the budget of each limit is stored: `intercom/abc123/requests`; for a limit of one app, with a hash that names it. */
export function placeIn(target: string, accountId: string, policy: HttpPolicy): PlaceOf {
  return ({ name, scope }) =>
    scope === 'account'
      ? `${target}/${accountId}/${name}`
      : `${target}/${accountId}/${hashOf(target, policy).slice(0, 16)}/${name}`
}

function hashOf(target: string, { baseUrl, auth }: HttpPolicy): string {
  // Access tokens change, so an OAuth grant is named by itself.
  const credentials = 'bearer' in auth ? [baseUrl, auth.bearer] : [grantIdentity(auth.oauth2)]
  return createHash('sha256')
    .update(JSON.stringify([target, ...credentials]))
    .digest('hex')
}
