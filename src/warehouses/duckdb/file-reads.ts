import type { DuckDBConnection } from '@duckdb/node-api'
import { constantText, nodesIn, parseTree, replaced, selectFrom, type TreeNode } from './parse-tree.ts'

/** One place that reads files: in a query, or in a view or macro that it uses. */
export interface FileRead {
  /** `read_csv`, `read_json_auto`, …; empty for a bare file name, as in FROM 'orders.csv'. */
  readonly reader: string
  /** File names as written; undefined if they are computed when the query runs. */
  readonly names: readonly string[] | undefined
  /** The table reference, as DuckDB parses it. */
  readonly node: TreeNode
  /** The view or macro that contains it. */
  readonly within: string | undefined
}

/** All places that read files, found with DuckDB's own parser, also inside views and macros. */
export async function fileReadsIn(connection: DuckDBConnection, sql: string): Promise<readonly FileRead[]> {
  const definitions = await definitionsIn(connection)
  const reads: FileRead[] = []
  const seen = new Set<string>()
  const visit = async (tree: unknown, within: string | undefined): Promise<void> => {
    for (const node of nodesIn(tree)) {
      if (node.type === 'BASE_TABLE') await visitTable(node, within)
      else if (node.type === 'TABLE_FUNCTION' && node.function !== undefined)
        await visitFunction(node, node.function, within)
      else if (node.class === 'FUNCTION') await visitDefinition(definitions, node.function_name ?? '', node)
    }
  }
  const visitTable = async (node: TreeNode, within: string | undefined): Promise<void> => {
    const table = node.table_name ?? ''
    const body = definitions.view(table)
    if (body !== undefined) await visitBody(`the view "${table}"`, body, [])
    else if (!definitions.isTable(table)) {
      const name = [node.catalog_name, node.schema_name, table]
        .filter((part) => part !== undefined && part !== '')
        .join('.')
      if (looksLikeFile(name))
        reads.push({ reader: '', names: [name], node: { ...node, alias: '', column_name_alias: [] }, within })
    }
  }
  const visitFunction = async (node: TreeNode, call: TreeNode, within: string | undefined): Promise<void> => {
    const reader = (call.function_name ?? '').toLowerCase()
    const [first] = call.children ?? []
    if (await visitDefinition(definitions, reader, call)) return
    if (reader === 'query' || reader === 'query_table') {
      const text = constantText(first)
      if (text === undefined) reads.push({ reader, names: undefined, node, within })
      else await visitBody(`${reader}() in the query`, reader === 'query' ? text : `FROM ${text}`, [])
    } else if (readsFiles.test(reader)) {
      reads.push({
        reader,
        names: await namesIn(connection, first),
        node: { ...node, alias: '', column_name_alias: [] },
        within,
      })
    }
  }
  const visitDefinition = async (known: Definitions, name: string, call: TreeNode): Promise<boolean> => {
    const macros = known.macros(name)
    for (const { body, parameters } of macros) await visitBody(`the macro "${name}"`, body, parameters, call.children)
    return macros.length > 0
  }
  const visitBody = async (
    within: string,
    body: string,
    parameters: readonly string[],
    given: readonly TreeNode[] = [],
  ): Promise<void> => {
    const once = JSON.stringify([within, body, given])
    if (seen.has(once)) return
    seen.add(once)
    const tree = await parseTree(connection, body)
    await visit(withArguments(tree, parameters, given), within)
  }
  await visit(await parseTree(connection, sql), undefined)
  return reads
}

/** A macro's body with its parameters replaced by the arguments of a call. */
function withArguments(tree: unknown, parameters: readonly string[], given: readonly TreeNode[]): unknown {
  if (parameters.length === 0) return tree
  return replaced(tree, ({ class: kind, column_names: names }) => {
    const at =
      kind === 'COLUMN_REF' && names?.length === 1
        ? parameters.findIndex((parameter) => parameter.toLowerCase() === names[0]?.toLowerCase())
        : -1
    return at < 0
      ? undefined
      : (given.find(({ alias }) => alias?.toLowerCase() === parameters[at]?.toLowerCase()) ?? given[at])
  })
}

/** The file names in a reader's argument: a text, a list of texts, or a constant expression, which DuckDB evaluates. */
async function namesIn(
  connection: DuckDBConnection,
  argument: TreeNode | undefined,
): Promise<readonly string[] | undefined> {
  const text = constantText(argument)
  if (text !== undefined) return [text]
  if (
    argument === undefined ||
    [...nodesIn(argument)].some(({ class: kind }) => kind !== undefined && !constant.has(kind))
  )
    return undefined
  try {
    const reader = await connection.runAndReadAll(
      `SELECT to_json(value) FROM (${await selectFrom(connection, { expression: { ...argument, alias: 'value' } })})`,
    )
    const value = JSON.parse(String(reader.getRows()[0]?.[0])) as unknown
    return Array.isArray(value) ? value.map(String) : [String(value)]
  } catch {
    // It cannot be evaluated on its own, so the names are unknown before the query runs.
    return undefined
  }
}

const constant = new Set(['CONSTANT', 'FUNCTION', 'CAST', 'OPERATOR'])

/** DuckDB's table functions that open files by name. */
const readsFiles = /^(read_|parquet_|sniff_csv$|glob$)|(^parquet|csv|json)_scan$/

/** Names that DuckDB reads as files if no table has the name. */
function looksLikeFile(name: string): boolean {
  return /\.(csv|tsv|json|jsonl|ndjson|parquet|db|duckdb)(\.(gz|zst))?(\?.*)?$/i.test(name) || /[/*?[]/.test(name)
}

interface Macro {
  /** A SELECT. */
  readonly body: string
  readonly parameters: readonly string[]
}

/**
 * Views, macros and tables of the open database, by name in any schema. Views and macros can hide which files a query
 * reads.
 */
interface Definitions {
  /** The SELECT of a view. */
  view(name: string): string | undefined
  macros(name: string): readonly Macro[]
  isTable(name: string): boolean
}

async function definitionsIn(connection: DuckDBConnection): Promise<Definitions> {
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
