import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '../../connect/sql/dialects.fixture.ts'
import { sqlLanguageOf } from './sql-language.ts'

test('the editor gets the signs of each dialect', () => {
  const languages = Object.entries(dialects).map(([name, dialect]) => {
    const { keywords, nameQuotes, ...signs } = sqlLanguageOf(dialect)
    return [name, keywords, nameQuotes, ...Object.entries(signs).flatMap(([sign, on]) => (on ? [sign] : []))].join(' ')
  })
  assert.deepEqual(languages, [
    'standard standard "',
    'postgres postgresql " dollarQuotedStrings',
    'duckdb postgresql " dollarQuotedStrings',
    'mysql mysql ` doubleQuotedStrings backslashEscapes hashComments spaceAfterDashes',
    'bigquery standard ` doubleQuotedStrings backslashEscapes hashComments',
    'snowflake standard " backslashEscapes dollarQuotedStrings slashComments',
    'clickhouse standard "` backslashEscapes dollarQuotedStrings hashComments',
    'spark standard ` doubleQuotedStrings backslashEscapes',
  ])
})
