import type { DuckDBConnection } from '@duckdb/node-api'

interface Macro {
  /** A SELECT. */
  readonly body: string
  readonly parameters: readonly string[]
}

/**
 * Views, macros and tables of the open database, by name in any schema. Views and macros can hide which files a query
 * reads.
 */
export interface Definitions {
  /** The SELECT of a view. */
  view(name: string): string | undefined
  macros(name: string): readonly Macro[]
  isTable(name: string): boolean
}

export async function definitionsIn(connection: DuckDBConnection): Promise<Definitions> {
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String))
  const views = new Map(
    (await rows('SELECT view_name, sql FROM duckdb_views() WHERE NOT internal')).map(([name = '', sql = '']) => [
      name.toLowerCase(),
      bodyOf(sql),
    ]),
  )
  const tables = new Set((await rows('SELECT lower(table_name) FROM duckdb_tables()')).map(([name = '']) => name))
  const macros = new Map<string, Macro[]>()
  const found = await rows(`SELECT lower(function_name), function_type, macro_definition, to_json(parameters)
    FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro') AND macro_definition IS NOT NULL`)
  for (const [name = '', type, definition = '', parameters = '[]'] of found) {
    const macro = {
      body: type === 'macro' ? `SELECT ${definition}` : definition,
      parameters: JSON.parse(parameters) as string[],
    }
    macros.set(name, [...(macros.get(name) ?? []), macro])
  }
  return {
    view: (name) => views.get(name.toLowerCase()),
    macros: (name) => macros.get(name.toLowerCase()) ?? [],
    isTable: (name) => tables.has(name.toLowerCase()),
  }
}

/** Returns the SELECT of `CREATE VIEW v (a, b) AS SELECT …;`. DuckDB writes this text, so its form is fixed. */
function bodyOf(sql: string): string {
  let depth = 0
  for (const { index, 0: token } of sql.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_][\w$]*|[\s\S]/g)) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (depth === 0 && token.toUpperCase() === 'AS') return sql.slice(index + token.length)
  }
  return sql
}
