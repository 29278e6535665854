import type { Pool } from 'pg'
import type { InvalidRow } from '../../model/record.ts'

/** Rows that are invalid for the same reason in the same column. */
export interface InvalidGroupCount {
  readonly code: string
  readonly column: string
  readonly count: number
}

export interface InvalidRowGroup extends InvalidGroupCount {
  /** The first few. */
  readonly first: readonly { readonly key: string | null; readonly row: number | null; readonly message: string }[]
}

export async function recordInvalidRows(
  pool: Pool,
  runId: number,
  firstNumber: number,
  rows: readonly InvalidRow[],
): Promise<void> {
  if (rows.length === 0) return
  await pool.query(
    `insert into invalid_row (run_id, number, row_number, key, code, column_name, message)
     select $1, $2::int + o.n - 1, o.row_number, o.key, o.code, o.column_name, o.message
     from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality as o (row_number, key, code, column_name, message, n)`,
    [
      runId,
      firstNumber,
      rows.map((r) => r.row),
      rows.map((r) => r.key),
      rows.map((r) => r.code),
      rows.map((r) => r.column),
      rows.map((r) => r.message),
    ],
  )
}

/** Saves how many invalid rows of each kind there are: only the first ones are saved one by one. */
export async function saveInvalidGroups(
  pool: Pool,
  runId: number,
  groups: readonly InvalidGroupCount[],
): Promise<void> {
  await pool.query('update run set invalid_groups = $2 where id = $1', [runId, JSON.stringify(groups)])
}

export interface InvalidRowEntry {
  readonly runId: number
  readonly row: number | null
  readonly key: string | null
  readonly code: string
  readonly column: string
  readonly message: string
}

const columns =
  'run_id::int as "runId", nullif(row_number, 0)::float8 as row, key, code, column_name as "column", message'

/** The invalid rows that are saved one by one, page by page, in reading order. */
export async function* readInvalidRows(
  pool: Pool,
  runId: number,
  pageSize = 2000,
): AsyncGenerator<readonly InvalidRowEntry[]> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<InvalidRowEntry & { readonly number: number }>(
      `select ${columns}, number from invalid_row where run_id = $1 and number > $2 order by invalid_row.number limit $3`,
      [runId, after, pageSize],
    )
    if (rows.length === 0) return
    yield rows.map(({ number: _order, ...entry }) => entry)
    after = rows[rows.length - 1]?.number ?? after
  }
}

export async function readInvalidRowsOf(pool: Pool, activationId: number, key: string): Promise<InvalidRowEntry[]> {
  const { rows } = await pool.query<InvalidRowEntry>(
    `select ${columns} from invalid_row where key = $2 and run_id in (select id from run where activation_id = $1) order by run_id`,
    [activationId, key],
  )
  return rows
}

/** All invalid rows of a Run by code and column, the most frequent first, with the first few of each. */
export async function groupInvalidRows(pool: Pool, runId: number, named: number): Promise<InvalidRowGroup[]> {
  const { rows } = await pool.query<InvalidRowGroup>(
    `with named as (
       select code, column_name, key, row_number, message, number,
         count(*) over (partition by code, column_name) as total, row_number() over (partition by code, column_name order by number) as place
       from invalid_row where run_id = $1
     ), counted as (
       select g.code, g."column" as column_name, g.count from run r cross join lateral jsonb_to_recordset(r.invalid_groups) as g (code text, "column" text, count bigint) where r.id = $1
       union all
       select code, column_name, max(total) from named where exists (select from run where id = $1 and invalid_groups is null) group by code, column_name
     )
     select c.code, c.column_name as "column", c.count::float8 as count, coalesce(json_agg(json_build_object('key', n.key, 'row', nullif(n.row_number, 0), 'message', n.message) order by n.number)
       filter (where n.message is not null), '[]') as first
     from counted c left join named n on n.code = c.code and n.column_name = c.column_name and n.place <= $2
     group by c.code, c.column_name, c.count order by c.count desc, c.code, c.column_name`,
    [runId, named],
  )
  return rows
}
