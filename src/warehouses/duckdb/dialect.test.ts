import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { wrapQuery } from '../../connect/index.ts'
import { randomSql } from '../../testing/random-sql.ts'
import { dialect } from './dialect.ts'

/** Undefined: rejected. */
function wrappedOf(sql: string): string | undefined {
  try {
    return wrapQuery(sql, dialect, { select: '*' }).text
  } catch {
    // With a Fault that other tests check.
    return undefined
  }
}

test('what the dialect accepts is one statement to DuckDB', async () => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  /** Undefined: DuckDB cannot parse the text. */
  const statementsIn = async (sql: string): Promise<number | undefined> =>
    await connection.extractStatements(sql).then(
      ({ count }) => count,
      () => undefined,
    )
  try {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(randomSql, async (sql) => {
        const wrapped = wrappedOf(sql)
        if (wrapped === undefined) return
        accepted += 1
        assert.ok([1, undefined].includes(await statementsIn(wrapped)), 'several statements')
      }),
      { numRuns: 3000 },
    )
    assert.ok(accepted > 300, `only ${accepted} accepted texts`)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
})
