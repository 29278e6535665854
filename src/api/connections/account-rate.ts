import type { HttpPolicy } from '../../connect/io.ts'
import { accountOf } from '../../http/shared-budget/share-account.ts'
import { Fault } from '../../model/fault.ts'
import type { ProjectEntry } from '../../store/project/project-entries.ts'
import { readRateLedgers } from '../../store/project/rate-ledgers.ts'
import type { RateLedger } from '../../http/limits/rate-share.ts'
import type { Services } from '../services.ts'

export interface Rate {
  readonly limit: number
  readonly used: number
  readonly windowMs: number
  /** ISO 8601: the end of the window of `used`, which may be in the past. */
  readonly endsAt: string
}

interface Known {
  readonly name: string
  readonly account: string
  readonly windowMs: number
}

/** Use of each account's rate limit in the last window that was reported, by Target. Omits Targets without one. */
export async function readRates(
  { database: { pool }, project }: Pick<Services, 'database' | 'project'>,
  entries: readonly ProjectEntry[],
): Promise<ReadonlyMap<string, Rate>> {
  const known = (
    await Promise.all(
      entries.map(async ({ name, body, account }): Promise<Known[]> => {
        const policy = await policyOf(project, name)
        if (policy === undefined) return []
        const type = String(body['type'])
        // Only connection tests save the account id. Runs from a shell do not, so derive it from the policy.
        const id = account ?? (await accountOf(pool, type, policy))
        return id === undefined ? [] : [{ name, account: `${type}/${id}`, windowMs: policy.rate.windowMs }]
      }),
    )
  ).flat()
  if (known.length === 0) return new Map()
  const ledgers = await readRateLedgers(
    pool,
    known.map(({ account }) => account),
  )
  return new Map(
    known.flatMap(({ name, account, windowMs }): [string, Rate][] => {
      const { limit, left, endsAt, holders = {} } = (ledgers.get(account) ?? {}) as Partial<RateLedger>
      // A limit without a window is only an assumption, not a report of the vendor.
      if (limit === undefined || endsAt === undefined) return []
      const used =
        left === undefined
          ? Object.values(holders).reduce((sum, { granted }) => sum + granted, 0)
          : Math.max(0, limit - left)
      return [[name, { limit, used, windowMs, endsAt: new Date(endsAt).toISOString() }]]
    }),
  )
}

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
