import { DuckDBTypeId, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { columnTypes, quoteName, rejectDuplicateColumns, type Column } from '../../connect/index.ts'
import { dialect } from './dialect.ts'

/** Type name by which this type is recognized. It replaces any alias. */
const zoned = 'TIMESTAMP WITH TIME ZONE'

/** Output columns of a bound statement. In DuckDB, names that differ only in case are the same name. */
export function columnsOf(statement: DuckDBPreparedStatement): readonly Column[] {
  const columns = Array.from({ length: statement.columnCount }, (_, index): Column => {
    const type = statement.columnType(index)
    return {
      name: statement.columnName(index),
      type: type.alias === 'JSON' ? 'json' : typeNamed(DuckDBTypeId[type.typeId]),
      nativeType: type.typeId === DuckDBTypeId.TIMESTAMP_TZ ? zoned : (type.alias ?? String(type)),
    }
  })
  rejectDuplicateColumns(
    columns.map((column) => column.name),
    (name) => name.toLowerCase(),
  )
  return columns
}

const typeNamed = columnTypes({
  text: ['VARCHAR', 'ENUM'],
  integer: [
    ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'BIGNUM'],
    ...['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT'],
  ],
  decimal: ['DECIMAL'],
  float: ['FLOAT', 'DOUBLE'],
  boolean: ['BOOLEAN'],
  uuid: ['UUID'],
  date: ['DATE'],
  time: ['TIME', 'TIME_TZ', 'TIME_NS'],
  timestamp: ['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP_TZ'],
  interval: ['INTERVAL'],
  json: ['STRUCT', 'MAP', 'UNION'],
  array: ['LIST', 'ARRAY'],
  binary: ['BLOB'],
})

/** SQL for the text of a column: DuckDB's own text, converted if other warehouses write it differently. */
export function textOf({ name, type, nativeType }: Column, timezone: string): string {
  const column = quoteName(name, dialect)
  const text = `CAST(${column} AS VARCHAR)`
  switch (type) {
    case 'binary':
      return `'\\x' || lower(hex(${column}))`
    case 'array':
      return jsonOf(column)
    case 'json':
      return nativeType === 'JSON' ? text : jsonOf(column)
    case 'date':
      return `replace(${text}, ' (BC)', ' BC')`
    case 'timestamp':
      return nativeType === zoned ? momentOf(column, text, timezone) : localOf(column, text, timezone)
    default:
      return text
  }
}

function jsonOf(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN CAST(to_json(${column}) AS VARCHAR) END`
}

/** DuckDB writes `2026-11-22 09:30:00+02`, and for BC `0044-03-15 (BC) 09:30:00+02`. */
function momentOf(column: string, text: string, timezone: string): string {
  const iso =
    timezone === 'UTC'
      ? `replace(${text}, ' ', 'T') || ':00'`
      : `regexp_replace(replace(${text}, ' ', 'T'), '([+-]\\d\\d)$', '\\1:00')`
  return finite(column, text, iso)
}

/** A time without a zone is a time in the session's zone, and gets that zone's offset at that time. */
function localOf(column: string, text: string, timezone: string): string {
  const offset =
    timezone === 'UTC'
      ? `'+00:00'`
      : `regexp_replace(regexp_extract(CAST(CAST(${column} AS TIMESTAMPTZ) AS VARCHAR), '[+-]\\d\\d(:\\d\\d)*$'), '^(...)$', '\\1:00')`
  return finite(column, text, `replace(${text}, ' ', 'T') || ${offset}`)
}

function finite(column: string, text: string, iso: string): string {
  const beforeChrist = `contains(${text}, '(BC)')`
  return `CASE WHEN isfinite(${column}) THEN CASE WHEN ${beforeChrist} THEN replace(${iso}, 'T(BC)T', 'T') || ' BC' ELSE ${iso} END ELSE ${text} END`
}
