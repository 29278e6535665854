import type { Pool } from 'pg'
import type { Fields } from '../../model/field.ts'
import type { Period } from '../../model/period.ts'
import type { Key } from '../../model/record.ts'
import { byTargetsClock } from '../snapshot/marks.ts'

/** Selects Runs of any Activation that wrote to this object of this account. */
export interface RecentFilter {
  readonly accountId: string
  readonly object: string
  readonly withinMs: number
}

/** A Run whose writes are so recent that the Target's index may not show them yet. */
export interface RecentRun {
  readonly id: number
  readonly activationId: number
  /** The identifier fields of its Activation in order, as in `ImmutableSettings.identifier`. */
  readonly identifier: string
  /** Ids of the groups that it named. */
  readonly groups: readonly string[]
  /** Its rows name the groups: it may also have removed groups that its rows no longer name. */
  readonly rowsNameThem: boolean
}

export async function recentRuns(pool: Pool, { accountId, object, withinMs }: RecentFilter): Promise<RecentRun[]> {
  const { rows } = await pool.query<RecentRun>({
    name: 'recent-runs',
    text: `select r.id::int as id, r.activation_id::int as "activationId", a.immutable_settings ->> 'identifier' as identifier,
       array(select m ->> 'id' from jsonb_array_elements(r.groups) m where m ->> 'id' is not null) as groups,
       exists (select from jsonb_array_elements(a.immutable_settings -> 'groups') m where m ->> 'id' is null) as "rowsNameThem"
     from run r join activation a on a.id = r.activation_id
     where r.object = $1 and a.immutable_settings ->> 'accountId' = $2 and (r.finished_at is null or r.finished_at > now() - $3 * interval '1 millisecond')
       and exists (select from batch b where b.run_id = r.id)`,
    values: [object, accountId, withinMs],
  })
  return rows
}

/** A recent write to one target record with fields. */
export interface ValuesWrite {
  readonly targetId: string
  /** The values that were set; null: unknown how far the write went. */
  readonly after: Fields | null
}

/** What those Runs wrote to these target records, oldest first. */
export async function valuesWrittenLately(
  pool: Pool,
  runs: readonly Pick<RecentRun, 'id'>[],
  targetIds: readonly string[],
): Promise<ValuesWrite[]> {
  const { rows } = await pool.query<ValuesWrite>(
    `select target_id as "targetId", case when status = 'delivered' then after::json end as after from (
       select target_id, status, after, at from ledger where target_id = any($1::text[]) and run_id = any($2::bigint[]) and status in ('delivered', 'unconfirmed') and kind <> 'skip'
       union all
       select o.target_id, 'unconfirmed', null, b.marked_at from batch b join operation o on o.run_id = b.run_id and o.ordinal = any(b.ordinals)
         where b.settled_at is null and b.run_id = any($2::bigint[]) and o.target_id = any($1::text[])
     ) written order by at`,
    [targetIds, runs.map((run) => run.id)],
  )
  return rows
}

/** The target records that those Runs created or found for Records with these Keys. */
export async function targetsOfKeys(
  pool: Pool,
  runs: readonly Pick<RecentRun, 'id' | 'activationId'>[],
  keys: readonly Key[],
): Promise<Map<Key, string>> {
  const { rows } = await pool.query<{ key: Key; targetId: string }>(
    `select distinct on (key) key, target_id as "targetId" from ledger
     where activation_id = any($1::bigint[]) and run_id = any($2::bigint[]) and key = any($3::text[]) and target_id is not null and status in ('delivered', 'in-place') order by key, at desc`,
    [[...new Set(runs.map((run) => run.activationId))], runs.map((run) => run.id), keys],
  )
  return new Map(rows.map(({ key, targetId }) => [key, targetId]))
}

/** A recent write of one link. */
export interface LinkWrite {
  readonly runId: number
  /** The Record's Key in the Activation that wrote it. */
  readonly key: Key
  readonly targetId: string | null
  readonly group: string
  /** Added or removed, as that Run knew it; null: no clear answer. */
  readonly on: boolean | null
}

/**
 * What those Runs wrote to these Records, oldest first: found by target record id, or by Key if the Run's Keys are of
 * the same identifier.
 */
export async function linksWrittenLately(
  pool: Pool,
  runs: readonly RecentRun[],
  groups: readonly string[],
  { targetIds, keys, identifier }: { targetIds: readonly string[]; keys: readonly Key[]; identifier: string },
): Promise<LinkWrite[]> {
  const sameKeys = runs.filter((run) => run.identifier === identifier)
  // If this Activation also identifies target records by their ids, `sameKeys` covers these Keys already.
  const byIds = identifier === 'id' ? [] : runs.filter((run) => run.identifier === 'id')
  const values = [
    runs.map(({ id }) => id),
    groups,
    targetIds,
    sameKeys.map(({ id }) => id),
    keys,
    byIds.map(({ id }) => id),
  ]
  const { rows } = await pool.query<LinkWrite>(
    `with written as (
       select run_id, key, target_id, group_id, kind, status, managed or coalesce(effect = 'removed', false) as changed, at from ledger
         where target_id = any($3::text[]) and run_id = any($1::bigint[]) and kind in ('attach', 'detach')
       union all
       select run_id, key, target_id, group_id, kind, status, managed or coalesce(effect = 'removed', false), at from ledger
         where activation_id in (select activation_id from run where id = any($4::bigint[])) and key = any($5::text[]) and run_id = any($4::bigint[]) and kind in ('attach', 'detach')
           and (target_id is null or target_id <> all($3::text[]))
       union all
       select run_id, key, target_id, group_id, kind, status, managed or coalesce(effect = 'removed', false), at from ledger
         where activation_id in (select activation_id from run where id = any($6::bigint[])) and key = any($3::text[]) and run_id = any($6::bigint[]) and kind in ('attach', 'detach')
           and (target_id is null or target_id <> all($3::text[]))
       union all
       select o.run_id, o.key, o.target_id, o.group_id, o.kind, 'unconfirmed', false, b.marked_at from batch b join operation o on o.run_id = b.run_id and o.ordinal = any(b.ordinals)
         where b.settled_at is null and b.run_id = any($1::bigint[]) and o.kind in ('attach', 'detach')
           and (o.target_id = any($3::text[]) or (o.run_id = any($4::bigint[]) and o.key = any($5::text[])) or (o.run_id = any($6::bigint[]) and o.key = any($3::text[])))
     )
     select run_id::int as "runId", key, target_id as "targetId", group_id as "group",
       case when status in ('delivered', 'in-place') or changed then kind = 'attach' end as on
     from written
     where group_id = any($2::text[]) and (status in ('delivered', 'in-place', 'unconfirmed') or changed) order by at, run_id`,
    values,
  )
  return rows
}

/**
 * When this Activation last added each group to each of these Records, by the Target's clock: from the mark of the
 * batch to its answer. What it adopted counts from the beginning of time.
 */
export async function lastAdditions(
  pool: Pool,
  activationId: number,
  keys: readonly Key[],
): Promise<Map<Key, ReadonlyMap<string, Period & { readonly adopted: boolean }>>> {
  const { rows } = await pool.query<{ key: string; group: string; started: Date; until: Date }>(
    `select distinct on (key, "group") key, "group", started, until from (
       select l.key, l.group_id as "group", l.at, case when l.kind = 'skip' then 'epoch' else ${byTargetsClock('coalesce(l.since, r.started_at)', '-')} end as started,
         ${byTargetsClock('l.at', '+')} as until
       from ledger l join run r on r.id = l.run_id
       where l.activation_id = $1 and l.key = any($2::text[]) and l.managed and (l.kind = 'attach' or (l.kind = 'skip' and l.code = 'in-place'))
       union all
       select n.key, n.group_id, n.managed_to, n.managed_from, n.managed_to from snapshot n
       where n.activation_id = $1 and n.key = any($2::text[]) and n.managed <> 'no' and n.managed_from is not null
     ) additions order by key, "group", at desc`,
    [activationId, keys],
  )
  const additions = new Map<Key, Map<string, Period & { readonly adopted: boolean }>>()
  for (const { key, group, started, until } of rows) {
    const byGroup = additions.get(key) ?? new Map<string, Period & { readonly adopted: boolean }>()
    additions.set(
      key,
      byGroup.set(group, { from: started.getTime(), to: until.getTime(), adopted: started.getTime() <= 0 }),
    )
  }
  return additions
}
