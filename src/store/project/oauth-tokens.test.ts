import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { Pool } from 'pg'
import { testDatabase } from '../../testing/harness/test-database.ts'
import {
  claimToken,
  endTokenClaim,
  extendTokenClaim,
  forgetUnusedTokens,
  readTokenRow,
  saveToken,
} from './oauth-tokens.ts'

const leaseMs = 60_000
const sealed = (text: string, rotated = false) => ({ sealed: text, rotated })

async function database(t: TestContext): Promise<Pool> {
  return (await testDatabase(t)).pool
}

describe('a claim on an OAuth token', () => {
  test('is given to one of many workers, and again once a token was saved', async (t) => {
    const pool = await database(t)
    const claims = await Promise.all(Array.from({ length: 8 }, (_, at) => claimToken(pool, 'g', 0, `w${at}`, leaseMs)))
    assert.deepEqual(
      claims.filter((claim) => claim !== undefined),
      [{ claim: 1, takenOver: false }],
    )
    assert.equal((await readTokenRow(pool, 'g'))?.claimed, true)
    assert.equal(await saveToken(pool, 'g', 1, sealed('a', true)), true)
    const { sealed: saved, rotated, version, claimed } = (await readTokenRow(pool, 'g')) ?? {}
    assert.deepEqual({ saved, rotated, version, claimed }, { saved: 'a', rotated: true, version: 1, claimed: false })
    assert.equal(await claimToken(pool, 'g', 0, 'late', leaseMs), undefined, 'a newer token is there')
    assert.deepEqual(await claimToken(pool, 'g', 1, 'next', leaseMs), { claim: 2, takenOver: false })
    assert.deepEqual(await claimToken(pool, 'other', 0, 'w', leaseMs), { claim: 1, takenOver: false })
  })

  test('that ran out is taken over, and cannot be extended afterwards', async (t) => {
    const pool = await database(t)
    assert.deepEqual(await claimToken(pool, 'g', 0, 'dead', 0), { claim: 1, takenOver: false })
    assert.equal(await extendTokenClaim(pool, 'g', 1, 0), true)
    assert.deepEqual(await claimToken(pool, 'g', 0, 'next', leaseMs), { claim: 2, takenOver: true })
    assert.equal(await extendTokenClaim(pool, 'g', 1, leaseMs), false)
    assert.equal(await extendTokenClaim(pool, 'g', 2, leaseMs), true)
    await endTokenClaim(pool, 'g', 1, { code: 'of-the-dead' })
    assert.deepEqual([(await readTokenRow(pool, 'g'))?.claimed, (await readTokenRow(pool, 'g'))?.failure], [true, null])
  })

  test('that was taken over saves its token until the later claim has saved one', async (t) => {
    const pool = await database(t)
    await claimToken(pool, 'g', 0, 'frozen', 0)
    await claimToken(pool, 'g', 0, 'next', leaseMs)
    assert.equal(await saveToken(pool, 'g', 1, sealed('late')), true)
    assert.equal((await readTokenRow(pool, 'g'))?.claimed, true, 'the later claim holds')
    assert.equal(await saveToken(pool, 'g', 2, sealed('later')), true)
    assert.equal(await saveToken(pool, 'g', 1, sealed('late')), false)
    assert.equal((await readTokenRow(pool, 'g'))?.sealed, 'later')
  })

  test('that failed says so to those who wait, until the next token', async (t) => {
    const pool = await database(t)
    await claimToken(pool, 'g', 0, 'w', leaseMs)
    await endTokenClaim(pool, 'g', 1, { code: 'token-rejected' })
    const row = await readTokenRow(pool, 'g')
    assert.deepEqual([row?.failure, row?.failedClaim, row?.claimed], [{ code: 'token-rejected' }, 1, false])
    assert.deepEqual(await claimToken(pool, 'g', 0, 'w', leaseMs), { claim: 2, takenOver: false })
    await saveToken(pool, 'g', 2, sealed('a'))
    assert.equal((await readTokenRow(pool, 'g'))?.failure, null)
  })
})

test('a token is forgotten a year after its last use', async (t) => {
  const pool = await database(t)
  for (const grant of ['used', 'unused']) await claimToken(pool, grant, 0, 'w', leaseMs)
  await pool.query(`update oauth_token set used_at = now() - interval '366 days'`)
  await readTokenRow(pool, 'used')
  await forgetUnusedTokens(pool)
  assert.deepEqual((await pool.query('select identity from oauth_token')).rows, [{ identity: 'used' }])
  assert.equal(await readTokenRow(pool, 'unused'), undefined)
  assert.equal(await claimToken(pool, 'unused', 5, 'w', leaseMs), undefined, 'its state must be read again first')
})
