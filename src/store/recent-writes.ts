import type { Pool } from 'pg'
import type { Period } from '../model/period.ts'
import type { Key } from '../model/record.ts'

/** Runs that wrote to this kind of thing so lately that an index of the Target may not show it yet. */
export async function recentRuns(pool: Pool, object: string, withinMs: number): Promise<{ id: number; activationId: number; identifier: string }[]> {
  const { rows } = await pool.query<{ id: number; activationId: number; identifier: string }>(
    `select id::int as id, activation_id::int as "activationId", identifier from run
     where object = $1 and (finished_at is null or finished_at > now() - $2 * interval '1 millisecond')
       and exists (select from batch b where b.run_id = run.id)`, [object, withinMs])
  return rows
}

/** Which of these Keys those Runs wrote to, or may have. */
export async function writtenLately(pool: Pool, runs: readonly { id: number; activationId: number }[], keys: readonly Key[]): Promise<Set<Key>> {
  const { rows } = await pool.query<{ key: string }>(
    `select distinct key from ledger where activation_id = any($1::bigint[]) and key = any($2::text[]) and run_id = any($3::bigint[])
       and status in ('delivered', 'uncertain')`,
    [[...new Set(runs.map((run) => run.activationId))], keys, runs.map((run) => run.id)])
  return new Set(rows.map(({ key }) => key))
}

/**
 * When this Activation last put something on each of these: from the start of that Run to its answer. What it adopted counts from
 * the beginning of time.
 */
export async function lastAdditions(pool: Pool, activationId: number, keys: readonly Key[]): Promise<Map<Key, Period>> {
  const { rows } = await pool.query<{ key: string; started: Date; at: Date }>(
    `select distinct on (key) key, started, at from (
     select l.key, case when l.kind = 'keep' then 'epoch' else coalesce(l.since, r.started_at) end as started, l.at from ledger l join run r on r.id = l.run_id
     where l.activation_id = $1 and l.key = any($2::text[]) and ((l.kind = 'add' and l.members <> '{}') or (l.kind = 'keep' and l.code = 'already-in-place'))
     union all
     select key, ours_from, ours_to from snapshot where activation_id = $1 and key = any($2::text[]) and ours_from is not null
     ) additions order by key, at desc`,
    [activationId, keys])
  return new Map(rows.map(({ key, started, at }) => [key, { from: started.getTime(), to: at.getTime() }]))
}
