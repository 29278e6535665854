import { DuckDBTypeId, type DuckDBType, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { type Column, type ColumnType, refuseDuplicateColumns } from '../../connect/index.ts'

/** Output columns of a bound statement. DuckDB takes names that differ in case only for the same. */
export function columnsOf(statement: DuckDBPreparedStatement): readonly Column[] {
  const columns = Array.from({ length: statement.columnCount }, (_, index): Column => {
    const type = statement.columnType(index)
    return { name: statement.columnName(index), type: columnType(type), nativeType: type.alias ?? String(type) }
  })
  refuseDuplicateColumns(columns.map(column => column.name), name => name.toLowerCase())
  return columns
}

/** SQL for the exact text of a column. */
export function textOf(column: Column): string {
  const name = `"${column.name.replaceAll('"', '""')}"`
  if (column.type === 'binary') return `'\\x' || lower(hex(${name}))`
  if (column.type === 'array' || nested.test(column.nativeType)) return `CASE WHEN ${name} IS NOT NULL THEN CAST(to_json(${name}) AS VARCHAR) END`
  return `CAST(${name} AS VARCHAR)`
}

const nested = /^(STRUCT|MAP|UNION)\b/

function columnType(type: DuckDBType): ColumnType {
  if (type.alias === 'JSON') return 'json'
  return byTypeId[type.typeId] ?? 'other'
}

const byTypeId: Partial<Record<DuckDBTypeId, ColumnType>> = {
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.ENUM]: 'text',
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'integer',
  [DuckDBTypeId.HUGEINT]: 'integer',
  [DuckDBTypeId.UTINYINT]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'integer',
  [DuckDBTypeId.UBIGINT]: 'integer',
  [DuckDBTypeId.UHUGEINT]: 'integer',
  [DuckDBTypeId.BIGNUM]: 'integer',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'float',
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.UUID]: 'uuid',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIME]: 'time',
  [DuckDBTypeId.TIME_TZ]: 'time',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.INTERVAL]: 'interval',
  [DuckDBTypeId.STRUCT]: 'json',
  [DuckDBTypeId.MAP]: 'json',
  [DuckDBTypeId.UNION]: 'json',
  [DuckDBTypeId.BLOB]: 'binary',
  [DuckDBTypeId.LIST]: 'array',
  [DuckDBTypeId.ARRAY]: 'array',
}
