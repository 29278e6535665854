import type { PoolClient } from 'pg'
import { beatMs, endSilentHolders } from './lock-holder.ts'

/** What a Run reads and writes: some groups, or all groups, of one object of one account. */
export interface GroupClaim {
  /** The object and the account. */
  readonly meeting: string
  /** By ids and names; `all` if rows name the groups. */
  readonly groups: readonly string[] | 'all'
}

export interface Waiting {
  readonly stop: AbortSignal
  /** Whether the time limit was reached. */
  readonly isOver: () => boolean
}

/** Undefined: it was stopped, or the time limit was reached, before all of it was free. */
export type Got = 'at once' | 'after a while' | undefined

/**
 * First half of the advisory locks' ids; the second is a hash of the claim. Any constant works, but it must not change.
 */
const lockClass = 7_411_002
/** Pause before the next try. */
const againMs = 100
/** A larger claim, counting ids and names, becomes a claim of all groups. */
const mostGroups = 100

interface Part {
  readonly name: string
  /** Shared with others that claim it as shared. */
  readonly shared: boolean
}

/**
 * The right to plan and write where Activations share groups. One Activation at a time writes to a group, so that what
 * one desires is settled before another removes it. The session of the Activation's lock holds it; it ends with that
 * session, and a waiting process ends a session without a recent heartbeat. A claim of all groups waits for every other
 * claim, and later claims wait behind it.
 */
export async function lockGroups(
  client: Pick<PoolClient, 'query'>,
  { meeting, groups }: GroupClaim,
  waiting: Waiting,
): Promise<Got> {
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

/** Takes all parts or none: no process waits while it holds a part, so there is no deadlock. */
async function take(
  client: Pick<PoolClient, 'query'>,
  parts: readonly Part[],
  { stop, isOver }: Waiting,
): Promise<Got> {
  let lookedAt = performance.now()
  let silent: readonly string[] = []
  for (let tries = 1; ; tries += 1) {
    const { rows } = await client.query<Part & { got: boolean }>(
      `select name, shared, case when shared then pg_try_advisory_lock_shared($1, hashtext(name)) else pg_try_advisory_lock($1, hashtext(name)) end as got
       from unnest($2::text[], $3::bool[]) as part (name, shared)`,
      [lockClass, ...columnsOf(parts)],
    )
    if (rows.every(({ got }) => got)) return tries === 1 ? 'at once' : 'after a while'
    await giveBack(
      client,
      rows.filter(({ got }) => got),
    )
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
     from unnest($2::text[], $3::bool[]) as part (name, shared)`,
    [lockClass, ...columnsOf(parts)],
  )
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
