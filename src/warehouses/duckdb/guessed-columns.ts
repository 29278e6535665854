import type { DuckDBConnection } from '@duckdb/node-api'
import { Fault } from '../../connect/index.ts'
import type { FileRead } from './file-reads.ts'
import { nodesIn, selectFrom, type TreeNode, constantText } from './parse-tree.ts'
import { asSubquery, literal } from './statement.ts'

/** A column of a CSV or JSON file whose type DuckDB guesses from the first lines. Text columns are not guessed. */
interface Guess {
  /** Undefined: the call cannot be described on its own, so any of its columns may be guessed. */
  readonly column: string | undefined
  readonly type: string
  readonly file: string
  readonly isJson: boolean
  readonly within: string | undefined
}

/**
 * Columns of a query that depend on guessed types. Guesses change values: after line 20,480, `00042`, `8.6` and `1_3`
 * become the numbers 42, 9 and 13, and dates depend on the rest of the file (DuckDB 1.5.5, 2026-11).
 */
export interface Guesses {
  /**
   * Throws a Fault if these output columns depend on a guess; with an empty list, if the choice of rows does.
   * The query must be valid.
   */
  reject(columns: readonly string[]): Promise<void>
}

export async function guessesIn(
  connection: DuckDBConnection,
  sql: string,
  reads: readonly FileRead[],
): Promise<Guesses> {
  const guesses: Guess[] = []
  for (const read of reads) guesses.push(...(await guessedBy(connection, read)))
  return {
    async reject(columns) {
      if (guesses.length === 0) return
      const list =
        columns.length === 0 ? 'count(*)' : columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
      const used = await usedColumns(connection, `SELECT ${list} FROM ${asSubquery(sql)}`)
      const guess = guesses.find(({ column }) =>
        column === undefined ? used.size > 0 : used.has(column.toLowerCase()),
      )
      if (guess !== undefined) throw guessed(guess)
    },
  }
}

async function guessedBy(
  connection: DuckDBConnection,
  { reader, names, node, within }: FileRead,
): Promise<readonly Guess[]> {
  const [file = 'the file'] = names ?? []
  const isJson = reader === '' ? /json/i.test(file) : /json/.test(reader)
  const isCsv = reader === '' ? /\.[ct]sv/i.test(file) : /csv/.test(reader)
  const unknown: Guess = { column: undefined, type: '', file, isJson, within }
  if (reader.startsWith('query')) return [unknown]
  if ((!isJson && !isCsv) || reader === 'sniff_csv') return []
  const named = namedTypes(node.function)
  if (named === 'all') return []
  let described
  try {
    described = await connection.runAndReadAll(`DESCRIBE ${await selectFrom(connection, { table: node })}`)
  } catch {
    // The file is missing, or its options are wrong. DuckDB reports it when it prepares the query itself.
    return [unknown]
  }
  return described
    .getRows()
    .map((row) => row.map(String))
    .flatMap(([column = '', type = ''], index) => {
      const isReported = named.some((each) =>
        typeof each === 'number' ? index < each : each.toLowerCase() === column.toLowerCase(),
      )
      return isReported || /^(VARCHAR|JSON)(\[\])*$/.test(type) ? [] : [{ column, type, file, isJson, within }]
    })
}

/** Columns with a type given in the call: all of them, or their names, or the number of leading columns. */
function namedTypes(call: TreeNode | undefined): 'all' | readonly (string | number)[] {
  const named: (string | number)[] = []
  for (const argument of call?.children?.slice(1) ?? []) {
    const isAssigned = argument.type === 'COMPARE_EQUAL' && argument.left?.class === 'COLUMN_REF'
    const name = (isAssigned ? argument.left?.column_names?.[0] : argument.alias)?.toLowerCase()
    const value = isAssigned ? argument.right : argument
    if (name === 'columns' || (name === 'all_varchar' && saysTrue(value))) return 'all'
    if (name !== 'types' && name !== 'dtypes' && name !== 'column_types') continue
    const types = value?.children ?? []
    named.push(
      ...(types.every(({ alias }) => alias === undefined || alias === '')
        ? [types.length]
        : types.map(({ alias = '' }) => alias)),
    )
  }
  return named
}

function saysTrue(value: TreeNode | undefined): boolean {
  return [...nodesIn(value)].some(
    (node) =>
      node.class === 'CONSTANT' &&
      ((node.value as { value?: unknown }).value === true || /^(t|true|1)$/i.test(constantText(node) ?? '')),
  )
}

/** Columns of CSV and JSON files that DuckDB would read, by its own plan. Runs nothing. */
async function usedColumns(connection: DuckDBConnection, sql: string): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)
  const plan = JSON.parse(String(reader.getRows()[0]?.[1])) as unknown
  const used = new Set<string>()
  for (const node of nodesIn(plan)) {
    const info = node['extra_info'] as
      | { readonly Function?: string; readonly Projections?: string | readonly string[] }
      | undefined
    if (info === undefined || !/(CSV|JSON)/i.test(info.Function ?? '')) continue
    for (const name of [info.Projections ?? []].flat()) used.add(name.toLowerCase())
  }
  return used
}

function guessed({ column, type, file, isJson, within }: Guess): Fault {
  const name = column === undefined ? '…' : literal(column)
  const what = column === undefined ? `columns from '${file}'` : `the column "${column}" from '${file}' as ${type}`
  const write = isJson
    ? `read_json(${literal(file)}, columns = {${name}: 'VARCHAR', …}) with every column that the query needs`
    : `read_csv(${literal(file)}, all_varchar = true), or types = {${name}: 'VARCHAR'} to name the types of some columns`
  const place = within === undefined ? 'The query' : `The query, through ${within},`
  return new Fault(
    'config',
    `${place} reads ${what}. DuckDB guesses the type from the first lines of the file, so a later value such as 00042 could change.`,
    {
      code: 'column-guessed',
      advice: `Write ${write}. Cast a column to a number or a date where needed.`,
    },
  )
}
