import pg from 'pg'
import type { Column } from '../../connect/index.ts'

/**
 * SQL for the text of a column. PostgreSQL's text of a value is already exact, including the padding of char(n). Only
 * values that other warehouses write differently are converted here.
 */
export function textOf({ name, type, nativeType }: Pick<Column, 'name' | 'type' | 'nativeType'>): string {
  const column = pg.escapeIdentifier(name)
  switch (type) {
    case 'boolean':
      return `${column}::text`
    // ISO 8601 with the session zone's offset at that time. A time without a zone is a time in the session's zone.
    case 'timestamp':
      return `to_json(${column}::timestamptz) #>> '{}'`
    case 'array':
      return `to_json(${column})::text`
    // Composite types and hstore become JSON; json and jsonb already are.
    case 'json':
      return nativeType === 'json' || nativeType === 'jsonb' ? column : `to_json(${column})::text`
    default:
      return column
  }
}
