import fc from 'fast-check'

/** Queries made of the signs that decide where a text, a name, a comment or a statement ends. Few of them are valid. */
export const randomSql: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...["'", "''", '"', '$$', '$a$', '\\', "\\'", "e'", "E'x'", '--', '/*', '*/', '\n', '\r', ' ', '\t', '\u00a0'],
      ...[';', '(', ')', ') as q', '; drop table kit_state', 'a', '1', 'as b', ', ', 'é', "'x'", "u&'", '$1'],
    ),
    { maxLength: 10 },
  )
  .map((parts) => `select 1 ${parts.join('')}`)
