import type { Column } from '../../connect/index.ts'
import { zoned } from './columns.ts'

/** SQL for the text of a column: DuckDB's own text, converted if other warehouses write it differently. */
export function textOf({ name, type, nativeType }: Column, timezone: string): string {
  const column = `"${name.replaceAll('"', '""')}"`
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
