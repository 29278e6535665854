import { Fault } from '../../model/fault.ts'
import { readRateLedgers } from '../../store/rate-budget.ts'
import type { ProjectEntry } from '../../store/project-entries.ts'
import type { RateLedger } from '../../sync/rate-share.ts'
import type { Services } from '../services.ts'

export interface Rate {
  readonly limit: number
  readonly used: number
  readonly windowMs: number
}

/** What of their accounts' rate limits Targets have used in the window that is open now, by name; those of which nothing is known are not in it. */
export async function readRates({ database, project, now }: Pick<Services, 'database' | 'project' | 'now'>, entries: readonly ProjectEntry[]): Promise<ReadonlyMap<string, Rate>> {
  const accounts = new Map(entries.filter(({ account }) => account !== null).map(({ name, body, account }) => [name, `${String(body['type'])}/${account}`]))
  if (accounts.size === 0) return new Map()
  const ledgers = await readRateLedgers(database.pool, [...accounts.values()])
  const rates = await Promise.all([...accounts].map(async ([name, account]): Promise<[string, Rate][]> => {
    const { limit, left, endsAt } = (ledgers.get(account) ?? {}) as Partial<RateLedger>
    if (limit === undefined) return []
    const windowMs = await windowOf(project, name)
    if (windowMs === undefined) return []
    return [[name, { limit, used: left === undefined || endsAt === undefined || endsAt < now() ? 0 : Math.max(0, limit - left), windowMs }]]
  }))
  return new Map(rates.flat())
}

/** The length of the vendor's window: of the Connector's policy, which wants a config that is usable. */
async function windowOf(project: Services['project'], name: string): Promise<number | undefined> {
  try {
    const { spec, config } = await project.connection('targets', name)
    return spec.http(config).rate.windowMs
  } catch (error) {
    if (Fault.is(error) && error.code === 'connection-broken') return undefined
    throw error
  }
}
