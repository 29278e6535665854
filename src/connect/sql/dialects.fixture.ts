import { dialect as duckdb } from '../../warehouses/duckdb/dialect.ts'
import { dialect as postgres } from '../../warehouses/postgres/dialect.ts'
import { doubled, escaped, standardDialect, type Dialect } from './dialect.ts'

const both = (quote: string) => ({ ...doubled(quote), backslash: true })

/** The real dialects, and the rules of warehouses that have no connector here, from their documentation. */
export const dialects: Readonly<Record<string, Dialect>> = {
  standard: standardDialect,
  postgres,
  duckdb,
  mysql: {
    editor: 'mysql',
    positions: 'line',
    names: [doubled('`')],
    strings: [both("'"), both('"')],
    // Two dashes start a comment only before white space.
    comments: { line: /(?:--(?=[ \t\n\r\f\v]|$)|#)[^\n]*/y, nested: false, run: /\/\*M?!/y },
  },
  bigquery: {
    editor: 'standard',
    positions: 'line',
    names: [escaped('`')],
    strings: [escaped("'"), escaped('"'), escaped("'''"), escaped('"""')],
    comments: { line: /(?:--|#)[^\n\r]*/y, nested: false },
  },
  snowflake: {
    editor: 'standard',
    positions: 'line',
    names: [doubled('"')],
    strings: [both("'")],
    dollarQuotes: 'plain',
    comments: { line: /(?:--|\/\/)[^\n\r]*/y, nested: false },
  },
  clickhouse: {
    editor: 'standard',
    positions: 'offset',
    names: [both('"'), both('`')],
    strings: [both("'")],
    dollarQuotes: 'tagged',
    comments: { line: /(?:--|#[ !])[^\n]*/y, nested: false },
  },
  spark: {
    editor: 'standard',
    positions: 'line',
    names: [doubled('`')],
    strings: [escaped("'"), escaped('"'), { ...escaped("'"), prefix: 'r', backslash: false }],
    comments: { line: /--[^\n\r]*/y, nested: true },
  },
}
