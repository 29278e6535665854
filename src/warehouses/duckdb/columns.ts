import { DuckDBTypeId, type DuckDBType, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { type Column, type ColumnType, rejectDuplicateColumns } from '../../connect/index.ts'

/** Type name by which this type is recognized. It replaces any alias. */
export const zoned = 'TIMESTAMP WITH TIME ZONE'

/** Output columns of a bound statement. In DuckDB, names that differ only in case are the same name. */
export function columnsOf(statement: DuckDBPreparedStatement): readonly Column[] {
  const columns = Array.from({ length: statement.columnCount }, (_, index): Column => {
    const type = statement.columnType(index)
    return {
      name: statement.columnName(index),
      type: columnType(type),
      nativeType: type.typeId === DuckDBTypeId.TIMESTAMP_TZ ? zoned : (type.alias ?? String(type)),
    }
  })
  rejectDuplicateColumns(
    columns.map((column) => column.name),
    (name) => name.toLowerCase(),
  )
  return columns
}

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
  [DuckDBTypeId.TIME_NS]: 'time',
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
