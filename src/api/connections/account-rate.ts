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
  /** ISO 8601: when the window of `used` ends, or has ended. */
  readonly endsAt: string
}

interface Known {
  readonly name: string
  readonly account: string
  readonly windowMs: number
}

/** What of their accounts' rate limits Targets have used in the last window that the vendor told of, by name; those of which nothing was told are not in it. */
export async function readRates({ database: { pool }, project }: Pick<Services, 'database' | 'project'>, entries: readonly ProjectEntry[]): Promise<ReadonlyMap<string, Rate>> {
  const known = (await Promise.all(entries.map(async ({ name, body, account }): Promise<Known[]> => {
    const policy = await policyOf(project, name)
    if (policy === undefined) return []
    const type = String(body['type'])
    // Only a test of the Connection notes the account; a Run from a shell may have been all that used it.
    const id = account ?? await accountOf(pool, type, policy)
    return id === undefined ? [] : [{ name, account: `${type}/${id}`, windowMs: policy.rate.windowMs }]
  }))).flat()
  if (known.length === 0) return new Map()
  const ledgers = await readRateLedgers(pool, known.map(({ account }) => account))
  return new Map(known.flatMap(({ name, account, windowMs }): [string, Rate][] => {
    const { limit, left, endsAt, holders = {} } = (ledgers.get(account) ?? {}) as Partial<RateLedger>
    // A limit without a window was only assumed so far.
    if (limit === undefined || endsAt === undefined) return []
    const used = left === undefined ? Object.values(holders).reduce((sum, { granted }) => sum + granted, 0) : Math.max(0, limit - left)
    return [[name, { limit, used, windowMs, endsAt: new Date(endsAt).toISOString() }]]
  }))
}

/** How the vendor is called, which wants a config that is usable. */
async function policyOf(project: Services['project'], name: string): Promise<HttpPolicy | undefined> {
  try {
    const { spec, config } = await project.connection('targets', name)
    return spec.http(config)
  } catch (error) {
    if (Fault.is(error) && error.code === 'connection-broken') return undefined
    throw error
  }
}
