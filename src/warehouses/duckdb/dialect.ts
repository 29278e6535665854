import { doubled, type Dialect } from '../../connect/index.ts'

/** DuckDB's parser is PostgreSQL's. */
export const dialect: Dialect = {
  editor: 'postgresql',
  positions: 'offset',
  names: [doubled('"')],
  strings: [doubled("'"), { ...doubled("'"), prefix: 'e', backslash: true, continues: true }],
  dollarQuotes: 'tagged',
  comments: { line: /--[^\n\r]*/y, nested: true },
}
