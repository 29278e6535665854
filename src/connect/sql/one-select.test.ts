import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../model/fault.ts'
import { quoteName, quoteText, type Dialect, type Quotes } from './dialect.ts'
import { dialects } from './dialects.fixture.ts'
import { oneSelect, wrapQuery } from './one-select.ts'
import { tokensOf } from './tokens.ts'

const faultOf = (sql: string, dialect: Dialect): Fault => {
  try {
    oneSelect(sql, dialect)
  } catch (error) {
    assert.ok(Fault.is(error), String(error))
    return error
  }
  return assert.fail(`accepted: ${sql}`)
}

/** Texts that are dangerous inside quotes and comments. */
const awkward = fc
  .array(
    fc.constantFrom(
      ';',
      ')',
      '(',
      "'",
      '"',
      '`',
      '\\',
      '$$',
      '$a$',
      '--',
      '#',
      '//',
      '/*',
      '*/',
      '\n',
      ' ',
      'a',
      'é',
      '😀',
      'drop table t',
      "''",
      "\\'",
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

/** The text in these quotes, written by the rules of its warehouse. */
function inQuotes(text: string, { prefix = '', open, close, doubled, backslash }: Quotes): string | undefined {
  if (!doubled && !backslash && text.includes(close)) return undefined
  const inner = backslash ? text.replaceAll('\\', '\\\\') : text
  const mark = close[0] ?? ''
  return `${prefix}${open}${backslash ? inner.replaceAll(mark, `\\${mark}`) : inner.replaceAll(close, close + close)}${close}`
}

/** One piece of SQL that means nothing for the outer statement, whatever it contains. */
function inert(dialect: Dialect): fc.Arbitrary<string> {
  const quoted = [...dialect.strings, ...dialect.names].map((quotes) =>
    awkward.map((text) => inQuotes(text, quotes) ?? '1'),
  )
  const lineComments = ['--', '#', '//', '# ']
    .filter((start) => tokenKinds(`${start} x`, dialect).length === 1)
    .map((start) => awkward.map((text) => `${start} ${text.replaceAll(/[\n\r]/g, ' ')}\n`))
  const block = awkward.map((text) => `/* ${text.replaceAll(/\*\/|\/\*/g, ' ').replaceAll(/^[!M]|\*$|\/$/g, ' ')} */`)
  const nested = dialect.comments.nested ? [block.map((inner) => `/* a ${inner} b */`)] : []
  const dollar =
    dialect.dollarQuotes === undefined
      ? []
      : (dialect.dollarQuotes === 'plain' ? ['$$'] : ['$$', '$tag$', '$é1$']).map((tag) =>
          awkward.map((text) => `${tag}${text.replaceAll('$', '')}${tag}`),
        )
  return fc.oneof(...quoted, ...lineComments, block, ...nested, ...dollar)
}

const tokenKinds = (sql: string, dialect: Dialect) => [...tokensOf(sql, dialect)].map(({ kind }) => kind)

for (const [name, dialect] of Object.entries(dialects)) {
  describe(`SQL of ${name}`, () => {
    const plain = fc.constantFrom(
      'a',
      'from t',
      ', 1.5',
      '=',
      '<',
      '(b)',
      '((c), d)',
      'case',
      '- 1',
      '[1]',
      ':x',
      'e',
      'r',
    )
    const pieces = fc.array(fc.oneof(inert(dialect), plain), { maxLength: 8 })

    test('whatever stands in quotes or comments, the text is one SELECT and stays as it is', () => {
      fc.assert(
        fc.property(pieces, fc.constantFrom('', ';', ' ; ', ';;'), (parts, end) => {
          const sql = `select ${parts.join(' ')}\n${end}`
          assert.equal(oneSelect(sql, dialect), sql.slice(0, sql.length - end.length) + end.replaceAll(';', ' '))
        }),
        { numRuns: 500 },
      )
    })

    test('a second statement or a stray parenthesis between them is found, at its place', () => {
      fc.assert(
        fc.property(pieces, pieces, (before, after) => {
          const start = `select ${before.join(' ')}\n`
          const second = faultOf(`${start}; drop ${after.join(' ')}`, dialect)
          assert.equal(second.code, 'query-not-read-only')
          const stray = faultOf(`${start}) as q ${after.join(' ')}`, dialect)
          assert.deepEqual([stray.code, stray.at?.line], ['query-failed', start.split('\n').length])
          const opened = faultOf(`${start}( ${after.join(' ')}\n`, dialect)
          assert.deepEqual([opened.code, opened.at?.line], ['query-failed', start.split('\n').length])
        }),
        { numRuns: 500 },
      )
    })

    test('what is not ended is found where it starts', () => {
      fc.assert(
        fc.property(pieces, awkward, (before, text) => {
          // The sign keeps a text at the end of `before` from going on in the next line.
          const start = `select ${before.join(' ')} =\n`
          const [string] = dialect.strings
          const whole = inQuotes(text, { ...string, prefix: '' }) ?? `${string.open}${string.close}`
          const body = whole.slice(0, whole.length - string.close.length)
          for (const unfinished of [body, `/* ${text.replaceAll('*/', '').replaceAll('/*', '')}`]) {
            if (unfinished === body && tokenKinds(body, dialect).length > 1) continue
            const fault = faultOf(start + unfinished, dialect)
            assert.match(fault.message, /starts here has no end/)
            assert.equal(fault.at?.line, start.split('\n').length)
          }
        }),
        { numRuns: 300 },
      )
    })

    for (const [kind, quote, [quotes]] of [
      ['name', quoteName, dialect.names],
      ['string', quoteText, dialect.strings],
    ] as const) {
      test(`any text is quoted to one ${kind} that says the same`, () => {
        const { close, doubled, backslash } = quotes
        const marks = new RegExp(
          `${backslash ? String.raw`\\([\s\S])` : '(?!)()'}|${doubled ? close + close : '(?!)'}`,
          'g',
        )
        fc.assert(
          fc.property(fc.oneof(awkward, fc.string({ unit: 'binary' })), (text) => {
            const quoted = quote(text, dialect)
            assert.deepEqual(tokenKinds(quoted, dialect), [kind])
            const read = quoted.slice(1, -1).replaceAll(marks, (_, char?: string) => char ?? close)
            assert.equal(read, text)
          }),
          { numRuns: 300 },
        )
      })
    }

    test('tokens cover every text, in order', () => {
      fc.assert(
        fc.property(fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 30 })), (sql) => {
          const tokens = [...tokensOf(sql, dialect)]
          assert.equal(tokens.map(({ start, end }) => sql.slice(start, end)).join(''), sql)
        }),
        { numRuns: 500 },
      )
    })
  })
}

const cases: readonly (readonly [dialect: string, sql: string, accepted: boolean, why: string])[] = [
  ['postgres', String.raw`select 'a\' , ')'`, true, 'a backslash is a character'],
  ['postgres', String.raw`select e'a\' ) ;'`, true, 'after E it takes the quote with it'],
  [
    'postgres',
    String.raw`select E'a' -- x` + '\n' + String.raw`'\' ) ; drop'`,
    false,
    'a comment before the line break ends the text',
  ],
  ['postgres', "select E'a'\n'\\' ) ; drop'", true, 'a text goes on in the next line by the same rules'],
  ['postgres', "select E'a'\n -- x\n '\\' ) ; drop'", true, 'also after a comment'],
  ['postgres', "select 'a'\n'\\' ) ; drop'", false, 'a plain text goes on as a plain text'],
  ['postgres', 'select 1 /* a /* b */ ; drop */', true, 'comments nest'],
  ['mysql', 'select 1 /* a /* b */ ; drop table t', false, 'comments do not nest'],
  ['mysql', 'select 1 --1 ; drop table t', false, 'two dashes before a digit are two minus signs'],
  ['mysql', 'select 1 -- 1 ; drop table t', true, 'before a space they start a comment'],
  ['mysql', 'select 1 -- x\r; drop table t', true, 'only a line feed ends a comment'],
  ['mysql', 'select 1 /*! ; drop table t */', false, 'MySQL runs this comment'],
  ['mysql', 'select 1 /*M!100100 union select 2 */', false, 'MariaDB runs this comment'],
  ['mysql', 'select $$; drop table t; $$', false, 'there are no dollar quotes'],
  ['mysql', 'select "a;" as `b;`', true, 'double quotes hold a text, backticks a name'],
  ['postgres', 'select `a; drop table t`', false, 'backticks quote nothing'],
  ['bigquery', `select '''a';b''' as x`, true, 'three quotes hold single quotes'],
  ['bigquery', String.raw`select r'a\'; b' as x`, true, 'a backslash keeps the quote, also in a raw text'],
  ['spark', String.raw`select r'a\'; drop table t --'`, false, 'a raw text ends at its quote'],
  ['snowflake', 'select $$ ; ) $$ as x', true, 'dollar quotes without a tag'],
  ['snowflake', 'select $a$ ; $a$', false, 'dollar quotes have no tag'],
  ['snowflake', 'select 1 // ; drop table t', true, 'two slashes start a comment'],
  ['clickhouse', 'select 1 # ; drop', true, 'a hash and a space start a comment'],
  ['clickhouse', 'select 1 #; drop', false, 'a hash alone does not'],
  ['standard', "select \u00a0e'a\\'; drop table t --'", false, 'a space beyond ASCII is part of a name'],
]

for (const [name, sql, accepted, why] of cases) {
  test(`${name} ${accepted ? 'accepts' : 'rejects'} ${JSON.stringify(sql)}: ${why}`, () => {
    const dialect = dialects[name]
    assert.ok(dialect !== undefined)
    if (accepted) assert.equal(wrapQuery(sql, dialect, { select: '*' }).text.includes(sql), true)
    else faultOf(sql, dialect)
  })
}

test('says which statement is not a query, and that an empty one is none', () => {
  for (const dialect of Object.values(dialects)) {
    assert.match(faultOf('/* x */ Delete from t', dialect).message, /starts with DELETE/)
    for (const empty of ['', ' -- x\n', ';', '/* */;']) assert.match(faultOf(empty, dialect).message, /is empty/)
  }
})
