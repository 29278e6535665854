import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { oneSelect, wrapQuery } from '../../connect/index.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { randomSql } from '../../testing/random-sql.ts'
import { dialect } from './dialect.ts'

const isAccepted = (sql: string): boolean => {
  try {
    oneSelect(sql, dialect)
    return true
  } catch {
    // Rejected, with a Fault that other tests check.
    return false
  }
}

test('PostgreSQL reads quotes, comments and statements as its dialect says', async (t) => {
  const database = await testDatabase(t)
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    await client.query('create table kit_state ()')
    let [accepted, valid] = [0, 0]
    await fc.assert(
      fc.asyncProperty(randomSql, async (sql) => {
        if (isAccepted(sql)) {
          accepted += 1
          // The simple protocol takes several statements, so a text that leaves the sub-query would show.
          const { text } = wrapQuery(sql, dialect, { select: '*', suffix: ' LIMIT 0' })
          const result: unknown = await client.query(text).catch(() => undefined)
          assert.ok(!Array.isArray(result), 'several statements ran')
        } else {
          const query: pg.QueryConfig & { queryMode: 'extended' } = { text: sql, queryMode: 'extended' }
          const result = await client.query(query).catch(() => undefined)
          assert.equal(result, undefined, 'PostgreSQL takes it as one statement')
        }
        valid += Number(isAccepted(sql) && (await client.query(sql).catch(() => undefined)) !== undefined)
      }),
      { numRuns: 3000 },
    )
    assert.ok(accepted > 300 && valid > 100, `only ${accepted} accepted, ${valid} valid texts`)
    await client.query('select from kit_state')
  } finally {
    await client.end()
  }
})
