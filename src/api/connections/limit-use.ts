import type { HttpPolicy } from '../../connect/http-policy.ts'
import type { RateLimit } from '../../connect/rate-limit.ts'
import { accountOf, placeIn } from '../../http/shared-budget/share-account.ts'
import type { RateLedger } from '../../http/limits/rate-share.ts'
import { slotsLeft, type SlotLedger } from '../../http/limits/slot-share.ts'
import { Fault } from '../../model/fault.ts'
import type { ProjectEntry } from '../../store/project/project-entries.ts'
import { readRateLedgers } from '../../store/project/rate-ledgers.ts'
import type { Services } from '../services.ts'

export interface LimitUse {
  readonly name: string
  readonly limit: number
  readonly used: number
  readonly perMs: number
  /** ISO 8601: the end of the period of `used`, which may be in the past. Null if the window rolls. */
  readonly endsAt: string | null
}

interface Known {
  readonly target: string
  readonly limit: RateLimit
  readonly place: string
}

/** Use of each account's rate limits, as far as they were reported, by Target. Omits Targets without one. */
export async function readLimitUse(
  { database: { pool }, project, now }: Pick<Services, 'database' | 'project' | 'now'>,
  entries: readonly ProjectEntry[],
): Promise<ReadonlyMap<string, LimitUse[]>> {
  const known = (
    await Promise.all(
      entries.map(async ({ name, body, account }): Promise<Known[]> => {
        const policy = await policyOf(project, name)
        if (policy === undefined) return []
        const type = String(body['type'])
        // Only connection tests save the account id. Runs from a shell do not, so derive it from the policy.
        const id = account ?? (await accountOf(pool, type, policy))
        if (id === undefined) return []
        const placeOf = placeIn(type, id, policy)
        return policy.limits.map((limit) => ({ target: name, limit, place: placeOf(limit) }))
      }),
    )
  ).flat()
  if (known.length === 0) return new Map()
  const ledgers = await readRateLedgers(
    pool,
    known.map(({ place }) => place),
  )
  const uses = known.flatMap(({ target, limit, place }) => {
    const ledger = ledgers.get(place)
    const use = ledger === undefined ? undefined : useOf(limit, ledger, now())
    return use === undefined ? [] : [{ target, use }]
  })
  return new Map(
    [...Map.groupBy(uses, ({ target }) => target)].map(([target, found]) => [target, found.map(({ use }) => use)]),
  )
}

function useOf(rate: RateLimit, ledger: unknown, now: number): LimitUse | undefined {
  const { name, perMs } = rate
  if (rate.kind !== 'fixed window') {
    const { requests, reserve = 0, kind } = rate
    const known = slotsLeft(ledger as SlotLedger, { perMs, requests, reserve, kind }, now)
    if (known === undefined) return undefined
    const { limit, left, resetsAt } = known
    return { name, limit, used: limit - left, perMs, endsAt: resetsAt === undefined ? null : iso(resetsAt) }
  }
  const { limit, left, endsAt, holders = {} } = ledger as Partial<RateLedger>
  // A limit without a window is only an assumption, not a report of the vendor.
  if (limit === undefined || endsAt === undefined) return undefined
  const used =
    left === undefined
      ? Object.values(holders).reduce((sum, { granted }) => sum + granted, 0)
      : Math.max(0, limit - left)
  return { name, limit, used, perMs, endsAt: iso(endsAt) }
}

const iso = (at: number): string => new Date(at).toISOString()

/** The HTTP policy of a Target; undefined if its config is not usable. */
async function policyOf(project: Services['project'], name: string): Promise<HttpPolicy | undefined> {
  try {
    const { spec, config } = await project.connection('targets', name)
    return spec.http(config)
  } catch (error) {
    if (Fault.is(error) && error.code === 'connection-broken') return undefined
    throw error
  }
}
