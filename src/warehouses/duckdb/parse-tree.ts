import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from './statement.ts'

/** A node of DuckDB's parse tree of a SELECT (`json_serialize_sql`). Only the properties used here are declared. */
export interface TreeNode {
  readonly type?: string
  readonly class?: string
  readonly alias?: string
  readonly catalog_name?: string
  readonly schema_name?: string
  readonly table_name?: string
  readonly function_name?: string
  readonly column_names?: readonly string[]
  readonly children?: readonly TreeNode[]
  readonly function?: TreeNode
  readonly left?: TreeNode
  readonly right?: TreeNode
  readonly value?: unknown
  readonly [key: string]: unknown
}

interface Statement {
  readonly node: TreeNode
  readonly [key: string]: unknown
}

/** Parses one SELECT without binding it, so no table or file is accessed. Undefined if DuckDB cannot parse it. */
export async function parseTree(connection: DuckDBConnection, sql: string): Promise<TreeNode | undefined> {
  const parsed = JSON.parse(await textOf(connection, `SELECT json_serialize_sql(${literal(sql)})`)) as {
    readonly error: boolean
    readonly statements?: readonly Statement[]
  }
  return parsed.error ? undefined : parsed.statements?.[0]?.node
}

/** SQL of a SELECT that returns one expression, or all columns of one table reference. */
export async function selectFrom(
  connection: DuckDBConnection,
  change: { readonly expression: TreeNode } | { readonly table: TreeNode },
): Promise<string> {
  const frame = 'expression' in change ? 'SELECT 1' : 'FROM range(1)'
  const parsed = JSON.parse(await textOf(connection, `SELECT json_serialize_sql(${literal(frame)})`)) as {
    readonly statements: readonly [Statement]
  }
  const [statement] = parsed.statements
  const node = {
    ...statement.node,
    ...('expression' in change ? { select_list: [change.expression] } : { from_table: change.table }),
  }
  return await textOf(
    connection,
    `SELECT json_deserialize_sql(${literal(JSON.stringify({ error: false, statements: [{ ...statement, node }] }))})`,
  )
}

/** All nodes of the tree, parents before children. */
export function* nodesIn(tree: unknown): Generator<TreeNode> {
  if (Array.isArray(tree)) {
    for (const each of tree as readonly unknown[]) yield* nodesIn(each)
  } else if (typeof tree === 'object' && tree !== null) {
    yield tree as TreeNode
    for (const each of Object.values(tree)) yield* nodesIn(each)
  }
}

/** A copy of the tree in which `change` replaces nodes. */
export function replaced(tree: unknown, change: (node: TreeNode) => TreeNode | undefined): unknown {
  if (Array.isArray(tree)) return tree.map((each) => replaced(each, change))
  if (typeof tree !== 'object' || tree === null) return tree
  return (
    change(tree as TreeNode) ??
    Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, replaced(each, change)]))
  )
}

/** The value of a text constant; undefined for other nodes. */
export function constantText(node: TreeNode | undefined): string | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { value } = node.value as { readonly value?: unknown }
  return typeof value === 'string' ? value : undefined
}

/** DuckDB writes an unknown position as 2^64-1, which exceeds a JavaScript number. Positions are not needed here. */
async function textOf(connection: DuckDBConnection, sql: string): Promise<string> {
  const reader = await connection.runAndReadAll(sql)
  return String(reader.getRows()[0]?.[0] ?? '').replaceAll(/"query_location":\d+/g, '"query_location":0')
}
