import type { PoolClient } from 'pg'
import type { Key } from '../model/record.ts'
import type { StagedRecords, StageRows } from '../store/snapshot/staged-records.ts'

/** Rows of the Stage that have the same Key as another one. */
export interface StageDuplicates {
  /** Rows whose identifier another row has, too: none of them becomes a Record. */
  readonly duplicateRows: number
  /** The first duplicate keys. */
  readonly duplicates: readonly { readonly key: Key; readonly rows: number }[]
  /** Rows equal to an earlier one, and rows after the first if the first counts. They are ignored. */
  readonly repeatedRows: number
  readonly laterRows: number
}

/** Rows with one Key and different values: none counts, or the first. */
export type DuplicatePolicy = 'refuse' | 'first'

const shownDuplicates = 1000

/** Rows of one Key may say the same, or contradict each other: sums over links do not show that. */
export async function hasSeveralRows(
  client: PoolClient,
  { rows: { relation }, rowsNameGroups }: StagedRecords,
): Promise<boolean> {
  const { rows } = await client.query(
    `select from ${relation} s group by key having ${rowsNameGroups ? severalRows : 'count(*) > 1'} limit 1`,
  )
  return rows.length > 0
}

const severalRows = 'min(row_number) <> max(row_number) or (bool_or(aside) and count(*) > 1)'

export const noDuplicates: StageDuplicates = { duplicateRows: 0, duplicates: [], repeatedRows: 0, laterRows: 0 }

/**
 * Handles rows with the same Key. Rows that desire the same count once. Of rows that differ, the first counts if the
 * Activation says so, in the order of the copy, which is that of the query; otherwise none does. If a row of a Key is
 * invalid, its rows never count as equal.
 */
export async function sortOutDuplicates(
  client: PoolClient,
  staged: StagedRecords,
  policy: DuplicatePolicy,
): Promise<StageDuplicates> {
  const { relation, table, owned, place } = staged.rows
  // Most results have no duplicates, and creating a table costs more than looking for them.
  if (!(await hasSeveralRows(client, staged))) return noDuplicates
  if (staged.rowsNameGroups) return await sortOutRows(client, staged.rows, policy)
  await client.query(
    `create temp table duplicate on commit drop as select key, count(*)::int as rows, count(*) filter (where not aside)::int as fresh,
       count(distinct (coalesce(desired, ''), coalesce(identities, ''))) filter (where not aside) = 1 and not bool_or(aside) as alike,
       min(place) filter (where not aside) as first
     from ${relation} s group by key having count(*) > 1`,
  )
  if ((await count(client, 'select count(*) as n from duplicate where fresh > 0')) === 0) return noDuplicates
  const drop = async (which: string): Promise<number> =>
    (
      await client.query(
        `delete from ${table} s using duplicate d where ${owned('s')} and s.key = d.key and not s.aside and s.${place} <> d.first and ${which}`,
      )
    ).rowCount ?? 0
  const repeatedRows = await drop('d.alike')
  const laterRows = policy === 'first' ? await drop('not d.alike') : 0
  if (policy === 'first') {
    // The first valid row counts, even if another row of the Key is invalid.
    await client.query(
      `delete from ${table} s using duplicate d where ${owned('s')} and s.key = d.key and s.aside and d.fresh > 0`,
    )
    return { ...noDuplicates, repeatedRows, laterRows }
  }
  await client.query('delete from duplicate where alike')
  // Rows that were invalid before are counted already.
  const duplicateRows = await count(client, 'select coalesce(sum(fresh), 0) as n from duplicate')
  if (duplicateRows === 0) return { ...noDuplicates, repeatedRows }
  await client.query(`update ${table} s set aside = true from duplicate d where ${owned('s')} and s.key = d.key`)
  const named = await client.query<{ key: string; rows: number }>(
    'select key, rows from duplicate where fresh > 0 order by key limit $1',
    [shownDuplicates],
  )
  return { duplicateRows, duplicates: named.rows, repeatedRows, laterRows }
}

/**
 * The same for rows that name groups. Rows of a Key with the same identifiers together say which links it has; a link that
 * several of them say counts once. Rows with other identifiers are duplicates.
 */
async function sortOutRows(
  client: PoolClient,
  { relation, table, owned, place }: StageRows,
  policy: DuplicatePolicy,
): Promise<StageDuplicates> {
  await client.query(
    `create temp table duplicate on commit drop as select key, (count(distinct row_number) + count(*) filter (where aside))::int as rows, count(distinct row_number)::int as fresh,
       count(distinct coalesce(identities, '')) filter (where not aside) = 1 and not bool_or(aside) as alike, min(row_number) as first
     from ${relation} s group by key having ${severalRows}`,
  )
  if ((await count(client, 'select count(*) as n from duplicate where fresh > 0')) === 0) return noDuplicates
  let laterRows = 0
  if (policy === 'first') {
    laterRows = await count(
      client,
      `with later as (delete from ${table} s using duplicate d where ${owned('s')} and s.key = d.key and not d.alike and not s.aside
      and coalesce(s.identities, '') <> (select coalesce(f.identities, '') from ${relation} f where f.key = d.key and f.row_number = d.first limit 1) returning s.key, s.row_number)
      select count(distinct (key, row_number)) as n from later`,
    )
  }
  // An invalid row stays: what it asks for is unknown, so nothing of its Key is removed.
  await client.query(
    `create temp table said on commit drop as select s.place, s.key, s.row_number, row_number() over (partition by s.key, s.desired order by s.row_number) as n
     from ${relation} s join duplicate d on d.key = s.key and (d.alike or $1) where not s.aside`,
    [policy === 'first'],
  )
  const repeatedRows = await count(
    client,
    'select count(*) as n from (select from said group by key, row_number having min(n) > 1) r',
  )
  await client.query(`delete from ${table} s using said r where ${owned('s')} and s.${place} = r.place and r.n > 1`)
  if (policy === 'first') return { ...noDuplicates, repeatedRows, laterRows }
  await client.query('delete from duplicate where alike')
  const duplicateRows = await count(client, 'select coalesce(sum(fresh), 0) as n from duplicate')
  if (duplicateRows === 0) return { ...noDuplicates, repeatedRows }
  await client.query(`update ${table} s set aside = true from duplicate d where ${owned('s')} and s.key = d.key`)
  const shown = await client.query<{ key: string; rows: number }>(
    'select key, rows from duplicate where fresh > 0 order by key limit $1',
    [shownDuplicates],
  )
  return { duplicateRows, duplicates: shown.rows, repeatedRows, laterRows }
}

export async function count(client: PoolClient, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ n: string }>(sql, values)
  return Number(rows[0]?.n ?? 0)
}
