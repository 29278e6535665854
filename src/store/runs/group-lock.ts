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
  /** It only has to be free: it is given back at once. */
  readonly passes?: true
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
    return await take(
      client,
      [{ name: gate, shared: true, passes: true }, { name: meeting, shared: true }, ...parts],
      waiting,
    )
  }
  if (
    await tryAll(client, [
      { name: gate, shared: false, passes: true },
      { name: meeting, shared: false },
    ])
  )
    return 'at once'
  const atGate = await take(client, [{ name: gate, shared: false }], waiting)
  if (atGate === undefined) return undefined
  const got = await take(client, [{ name: meeting, shared: false }], waiting)
  await giveBack(client, { name: gate, shared: false })
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
    if (await tryAll(client, parts)) return tries === 1 ? 'at once' : 'after a while'
    if (isOver()) return undefined
    if (performance.now() - lookedAt >= beatMs) {
      lookedAt = performance.now()
      silent = await endSilentHolders(client, { lockClass, names: parts.map(({ name }) => name), silent })
    }
    await pause(stop)
    if (stop.aborted) return undefined
  }
}

/** One try for all parts, in one statement: takes all of them, except those that only have to be free, or none. */
async function tryAll(client: Pick<PoolClient, 'query'>, parts: readonly Part[]): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>({
    name: 'try-group-locks',
    text: `with tried as materialized (
       select name, shared, passes, case when shared then pg_try_advisory_lock_shared($1, hashtext(name)) else pg_try_advisory_lock($1, hashtext(name)) end as got
       from unnest($2::text[], $3::bool[], $4::bool[]) as part (name, shared, passes)
     ), whole as materialized (select bool_and(got) as got from tried
     ), given_back as materialized (
       select case when shared then pg_advisory_unlock_shared($1, hashtext(name)) else pg_advisory_unlock($1, hashtext(name)) end as done
       from tried, whole where tried.got and (tried.passes or not whole.got)
     ) select whole.got, (select count(*) from given_back) as given_back from whole`,
    values: [
      lockClass,
      parts.map(({ name }) => name),
      parts.map(({ shared }) => shared),
      parts.map(({ passes }) => passes === true),
    ],
  })
  return rows[0]?.got === true
}

async function giveBack(client: Pick<PoolClient, 'query'>, { name }: Part): Promise<void> {
  await client.query('select pg_advisory_unlock($1, hashtext($2))', [lockClass, name])
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
