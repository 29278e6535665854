import { escapeLiteral, type Pool } from 'pg'
import { nameOfAbsentGroup } from '../model/absent-groups.ts'
import type { GroupId } from '../model/record.ts'
import { groupTable, type StagedRecords, type StageRows } from '../store/snapshot/staged-records.ts'

/** A Stage of whole records. */
export function stagedWhole(rows: StageRows): StagedRecords {
  return {
    rows,
    records: `(select key, '' as group_id, desired, identities, aside from ${rows.relation} s)`,
    rowsNameGroups: false,
    areLinks: false,
    namesAbsent: false,
    isSingle: true,
  }
}

/** A Stage of links: each Key to each of these groups. */
export function stagedLinks(rows: StageRows, groups: readonly GroupId[]): StagedRecords {
  const distinct = new Set(groups)
  const constants = [...distinct].map((id) => `(${escapeLiteral(id)}::text collate "C")`).join(', ')
  return {
    rows,
    records: `(select s.key, g.id as group_id, null::text as desired, s.identities, s.aside from ${rows.relation} s cross join (values ${constants}) as g (id))`,
    rowsNameGroups: false,
    areLinks: true,
    namesAbsent: false,
    isSingle: distinct.size === 1,
  }
}

/** So many names are written into each statement. More of them get a table. */
const fewNames = 50

/**
 * A Stage of links to groups that rows name. `groups`: the id of each name, as staged. Names with the same id are one
 * group: they get one name in the Stage.
 */
export async function stagedNames(
  pool: Pool,
  rows: StageRows,
  groups: ReadonlyMap<string, GroupId>,
): Promise<StagedRecords> {
  const names = groupTable(rows.runId)
  const nameOf = new Map<GroupId, string>()
  for (const [name, id] of groups) if (!nameOf.has(id)) nameOf.set(id, name)
  const others = [...groups].flatMap(([name, id]) =>
    nameOf.get(id) === name ? [] : [{ name, first: nameOf.get(id) ?? name }],
  )
  if (others.length > 0) await nameOnce(pool, rows, others)
  const namesAbsent = [...nameOf.keys()].some((id) => nameOfAbsentGroup(id) !== undefined)
  const staged = (from: string): StagedRecords => ({
    rows,
    records: `(select s.key, g.id as group_id, null::text as desired, s.identities, s.aside from ${rows.relation} s join ${from} on g.name = s.desired)`,
    rowsNameGroups: true,
    areLinks: true,
    namesAbsent,
    isSingle: false,
  })
  if (nameOf.size <= fewNames) {
    const values = [...nameOf].map(
      ([id, name]) => `(${escapeLiteral(name)}::text collate "C", ${escapeLiteral(id)}::text collate "C")`,
    )
    return staged(
      `(values ${values.length === 0 ? '(null::text collate "C", null::text collate "C")' : values.join(', ')}) as g (name, id)`,
    )
  }
  await pool.query(
    `create unlogged table ${names} (name text collate "C" primary key, id text collate "C" not null) with (autovacuum_enabled = false)`,
  )
  await pool.query(`insert into ${names} select * from unnest($1::text[], $2::text[])`, [
    [...nameOf.values()],
    [...nameOf.keys()],
  ])
  await pool.query(`analyze ${names}`)
  return staged(`${names} g`)
}

/** Replaces these names by others in the Stage. A row that has both of them then names the group once. */
async function nameOnce(
  pool: Pool,
  { relation, table, owned, place }: StageRows,
  others: readonly { readonly name: string; readonly first: string }[],
): Promise<void> {
  const firsts = others.map(({ first }) => first)
  await pool.query(
    `update ${table} s set desired = o.first from unnest($1::text[], $2::text[]) as o (name, first) where ${owned('s')} and s.desired = o.name`,
    [others.map(({ name }) => name), firsts],
  )
  await pool.query(
    `delete from ${table} s using (select place, row_number() over (partition by key, desired, row_number) as n from ${relation} t where desired = any($1::text[])) r
     where ${owned('s')} and s.${place} = r.place and r.n > 1`,
    [firsts],
  )
}
