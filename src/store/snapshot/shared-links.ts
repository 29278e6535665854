import type { Pool } from 'pg'
import type { Identity, Key } from '../../model/record.ts'
import { isGone, type StagedRecords } from './staged-records.ts'

/** Where Activations share target records: one object of one account. */
export interface Meeting {
  readonly activationId: number
  readonly accountId: string
  readonly object: string
}

/** Another Activation that writes to the same object of the same account. */
export interface Sharer {
  readonly id: number
  readonly name: string
  readonly behavior: string
  /** Ids of the groups that it names itself; empty if its rows name them. */
  readonly groups: readonly string[]
  /** Names of groups that did not exist yet when it named them. */
  readonly newGroups: readonly string[]
  readonly rowsNameThem: boolean
}

const isNew = `coalesce(m ->> 'isNew', '') = 'true'`

export async function findSharers(pool: Pool, { activationId, accountId, object }: Meeting): Promise<Sharer[]> {
  const { rows } = await pool.query<Sharer>(
    `select a.id::int as id, a.name, a.immutable_settings ->> 'behavior' as behavior,
       array(select m ->> 'id' from jsonb_array_elements(a.immutable_settings -> 'groups') m where m ->> 'id' is not null) as groups,
       array(select m ->> 'name' from jsonb_array_elements(a.immutable_settings -> 'groups') m where ${isNew}) as "newGroups",
       exists (select from jsonb_array_elements(a.immutable_settings -> 'groups') m where m ->> 'id' is null and not ${isNew}) as "rowsNameThem"
     from activation a where a.id <> $1 and a.taken_over_by is null and a.immutable_settings ->> 'accountId' = $2 and a.immutable_settings ->> 'object' = $3 order by a.name`,
    [activationId, accountId, object],
  )
  return rows
}

/** The Fields that each of these Activations wrote in its last Run, by Activation id. */
export async function lastFields(
  pool: Pool,
  activationIds: readonly number[],
): Promise<Map<number, readonly string[]>> {
  const { rows } = await pool.query<{ id: number; fields: string[] }>(
    `select distinct on (activation_id) activation_id::int as id, array(select jsonb_object_keys(mapping)) as fields from run
     where activation_id = any($1::bigint[]) and mapping is not null order by activation_id, id desc`,
    [activationIds],
  )
  return new Map(rows.map(({ id, fields }) => [id, fields]))
}

/** A Record with a group that may have to stay because others desire it, with the names of its target record. */
export interface Leaving {
  readonly key: Key
  readonly targetId: string | null
  /** Further identifiers of the target record, as far as known. */
  readonly names: readonly Identity[]
}

/** An Activation that desires a group on the target record of this Record. */
export interface DesiredElsewhere {
  readonly key: Key
  readonly group: string
  readonly activation: string
}

/**
 * Groups that others desire on these target records: other Activations that add groups (`wanting`, ids of behaviors),
 * by the last result of their queries, or other Records of this one, by the current result of its query
 * (`staged`) or the last one.
 */
export async function readDesiredElsewhere(
  pool: Pool,
  { activationId, accountId, object }: Meeting,
  wanting: readonly string[],
  leaving: readonly Leaving[],
  staged?: StagedRecords,
): Promise<DesiredElsewhere[]> {
  if (leaving.length === 0) return []
  const names = leaving.flatMap(({ key, targetId, names: more }) => [
    ...(targetId === null ? [] : [{ key, field: 'id', value: targetId }]),
    ...more.map(({ field, value }) => ({ key, field, value })),
  ])
  const { rows } = await pool.query<DesiredElsewhere>(
    `with target_record as (select * from unnest($5::text[], $6::text[], $7::text[]) as t (key, field, value)
     ), other as (
       select a.id, a.name, a.immutable_settings ->> 'identifier' as identifier from activation a where a.taken_over_by is null and a.immutable_settings ->> 'accountId' = $2 and a.immutable_settings ->> 'object' = $3 and a.immutable_settings ->> 'behavior' = any($4::text[])
     ), named as (
       select t.key, o.name, o.id, n.key as its_key, n.group_id from target_record t cross join other o
         join snapshot n on n.activation_id = o.id and n.target_id = t.value and n.present where t.field = 'id'
       union
       select t.key, o.name, o.id, n.key, n.group_id from target_record t join other o on o.identifier = t.field
         join snapshot n on n.activation_id = o.id and n.key = t.value and n.present
     )
     select distinct on (key, group_id) key, group_id as "group", name as activation from named
     where not (id = $1 and (its_key = key or ${staged === undefined ? 'false' : isGone(staged, 'named.its_key', 'named.group_id')})) order by key, group_id, name`,
    [
      activationId,
      accountId,
      object,
      wanting,
      names.map(({ key }) => key),
      names.map(({ field }) => field),
      names.map(({ value }) => value),
    ],
  )
  return rows
}

/**
 * Of the Keys that were removed from the query, counts those with a managed link that no other Record of these
 * Activations, or of this one, has.
 */
export async function countLeftAlone(
  pool: Pool,
  activationId: number,
  staged: StagedRecords,
  others: readonly number[],
): Promise<number> {
  const other =
    'o.activation_id = any($2::bigint[]) and o.group_id = n.group_id and o.present and (o.activation_id <> $1 or o.key <> n.key)'
  const { rows } = await pool.query<{ n: string }>(
    `select count(distinct n.key) as n from snapshot n where n.activation_id = $1 and n.managed <> 'no' and not exists (select from ${staged.rows.relation} s where s.key = n.key)
       and not exists (select from snapshot o where o.target_id = any(array[n.target_id, n.key]) and ${other})
       and not exists (select from snapshot o where o.key = any(array[n.key, n.target_id]) and ${other})`,
    [activationId, [...others, activationId]],
  )
  return Number(rows[0]?.n ?? 0)
}
