import pg from 'pg'
import type { Column } from '../../connect/index.ts'

/**
 * SQL for the text of a column. What PostgreSQL sends of a value is its exact text already, char(n) with its padding; what is no
 * text that other warehouses would write the same way is written here.
 */
export function textOf({ name, type, nativeType }: Pick<Column, 'name' | 'type' | 'nativeType'>): string {
  const column = pg.escapeIdentifier(name)
  switch (type) {
    case 'boolean': return `${column}::text`
    // ISO 8601 with the offset that the session's zone has at that moment; a time without a zone is one of that zone.
    case 'timestamp': return `to_json(${column}::timestamptz) #>> '{}'`
    case 'array': return `to_json(${column})::text`
    // Composite types and hstore become JSON; json and jsonb are it.
    case 'json': return nativeType === 'json' || nativeType === 'jsonb' ? column : `to_json(${column})::text`
    default: return column
  }
}
