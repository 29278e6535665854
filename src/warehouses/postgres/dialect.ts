import { doubled, type Dialect } from '../../connect/index.ts'

/** `standard_conforming_strings` is on in every session, so a backslash counts only after E. */
export const dialect: Dialect = {
  editor: 'postgresql',
  positions: 'offset',
  names: [doubled('"')],
  strings: [doubled("'"), { ...doubled("'"), prefix: 'e', backslash: true, continues: true }],
  dollarQuotes: 'tagged',
  comments: { line: /--[^\n\r]*/y, nested: true },
}
