import type { PoolClient } from 'pg'
import { beatMs, endSilentHolders } from './lock-holder.ts'

/** What a Run looks at and writes to: of one kind of record of one account, some groups, or all of them. */
export interface GroupClaim {
  /** Which kind of record, of which account. */
  readonly meeting: string
  /** By their ids and their names; `all` where rows name them. */
  readonly groups: readonly string[] | 'all'
}

export interface Waiting {
  readonly stop: AbortSignal
  /** Whether the time limit was reached. */
  readonly isOver: () => boolean
}

/** Undefined: it was stopped, or the time was over, before all of it was free. */
export type Got = 'at once' | 'after a while' | undefined

/** First half of the advisory locks' names; the second is a hash of what is claimed. Any constant will do, as long as it stays. */
const lockClass = 7_411_002
/** How often what is not free is asked for again. */
const againMs = 100
/** Who claims more, by ids and by names, claims all. */
const mostGroups = 100

interface Part {
  readonly name: string
  /** With others that claim it so. */
  readonly shared: boolean
}

/**
 * The right to plan and write where Activations meet: of those that write to one group, one at a time, so that what one of them still wants is
 * settled before another takes it off. Held by the session of the Activation's lock: it ends with that, and whoever waits ends a session whose
 * heartbeat is over. Who claims all waits for everybody, and whoever comes later waits behind it.
 */
export async function lockGroups(client: Pick<PoolClient, 'query'>, { meeting, groups }: GroupClaim, waiting: Waiting): Promise<Got> {
  const gate = `${meeting} gate`
  if (groups !== 'all' && groups.length <= mostGroups) {
    const parts = groups.map((group) => ({ name: `${meeting} group ${group}`, shared: false }))
    const got = await take(client, [{ name: gate, shared: true }, { name: meeting, shared: true }, ...parts], waiting)
    if (got !== undefined) await giveBack(client, [{ name: gate, shared: true }])
    return got
  }
  const atGate = await take(client, [{ name: gate, shared: false }], waiting)
  if (atGate === undefined) return undefined
  const got = await take(client, [{ name: meeting, shared: false }], waiting)
  await giveBack(client, [{ name: gate, shared: false }])
  return got === 'at once' ? atGate : got
}

/** All of them or none: nobody waits while holding a part, so that nobody waits for another in a circle. */
async function take(client: Pick<PoolClient, 'query'>, parts: readonly Part[], { stop, isOver }: Waiting): Promise<Got> {
  let lookedAt = performance.now()
  let silent: readonly string[] = []
  for (let tries = 1; ; tries += 1) {
    const { rows } = await client.query<Part & { got: boolean }>(
      `select name, shared, case when shared then pg_try_advisory_lock_shared($1, hashtext(name)) else pg_try_advisory_lock($1, hashtext(name)) end as got
       from unnest($2::text[], $3::bool[]) as part (name, shared)`, [lockClass, ...columnsOf(parts)])
    if (rows.every(({ got }) => got)) return tries === 1 ? 'at once' : 'after a while'
    await giveBack(client, rows.filter(({ got }) => got))
    if (isOver()) return undefined
    if (performance.now() - lookedAt >= beatMs) {
      lookedAt = performance.now()
      silent = await endSilentHolders(client, { lockClass, names: parts.map(({ name }) => name), silent })
    }
    await pause(stop)
    if (stop.aborted) return undefined
  }
}

async function giveBack(client: Pick<PoolClient, 'query'>, parts: readonly Part[]): Promise<void> {
  if (parts.length === 0) return
  await client.query(
    `select case when shared then pg_advisory_unlock_shared($1, hashtext(name)) else pg_advisory_unlock($1, hashtext(name)) end
     from unnest($2::text[], $3::bool[]) as part (name, shared)`, [lockClass, ...columnsOf(parts)])
}

function columnsOf(parts: readonly Part[]): [names: string[], shared: boolean[]] {
  return [parts.map(({ name }) => name), parts.map(({ shared }) => shared)]
}

function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, againMs)
    stop.addEventListener('abort', done, { once: true })
  })
}
