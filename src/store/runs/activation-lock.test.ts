import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { ensureActivation } from '../project/activations.ts'
import { isHeld, lockActivation } from './activation-lock.ts'

/** Ages the last heartbeat, as of a frozen process; the process's next heartbeat would overwrite it. */
const grownOld = `update activation_hold set seen_at = clock_timestamp() - interval '11 seconds' where activation_id = $1`

test('whoever holds an Activation keeps it as long as its heartbeat goes on; then it is taken over, and the other one is told', async (t) => {
  const { pool } = await testDatabase(t)
  const { id } = await ensureActivation(pool, 'held')
  const first = await lockActivation(pool, id, 'held')
  await assert.rejects(lockActivation(pool, id, 'held'), { code: 'already-running', message: /last heartbeat 0 s ago/ })
  assert.deepEqual([first.isSure(), first.lost.aborted, await isHeld(pool, id)], [true, false, true])
  await pool.query(grownOld, [id])
  assert.equal(await isHeld(pool, id), false)
  const second = await lockActivation(pool, id, 'held')
  if (!first.lost.aborted) await new Promise((resolve) => first.lost.addEventListener('abort', resolve))
  assert.equal((first.lost.reason as { code: string }).code, 'lease-lost')
  assert.equal(await isHeld(pool, id), true)
  await first.release()
  assert.equal(await isHeld(pool, id), true)
  await second.release()
  assert.equal(await isHeld(pool, id), false)
})

test('a session that has the number of one that is gone is not ended', async (t) => {
  const { pool } = await testDatabase(t)
  const { id } = await ensureActivation(pool, 'reused')
  const lock = await lockActivation(pool, id, 'reused')
  await pool.query(
    `update activation_hold set backend_start = backend_start - interval '1 hour', seen_at = clock_timestamp() - interval '1 hour' where activation_id = $1`,
    [id],
  )
  await assert.rejects(lockActivation(pool, id, 'reused'), { code: 'already-running' })
  assert.equal(lock.lost.aborted, false)
  await lock.release()
})

test('a role that may not end the session of another is told which grant is missing', async (t) => {
  const { pool, url } = await testDatabase(t)
  const [mine, external] = ['mine', 'theirs'].map((name) => `${name}_${randomBytes(4).toString('hex')}`)
  const poolOf = async (role: string | undefined): Promise<pg.Pool> => {
    await pool.query(`create role ${role} login password 'word'`)
    await pool.query(
      `grant usage on schema tailrace to ${role}; grant all on all tables in schema tailrace to ${role}; grant all on all sequences in schema tailrace to ${role}`,
    )
    const of = new URL(url)
    of.username = role ?? ''
    of.password = 'word'
    const made = new pg.Pool({ connectionString: of.href, options: '-c search_path=tailrace' })
    made.on('error', () => {
      /* its sessions are ended */
    })
    made.on('connect', (client) =>
      client.on('error', () => {
        /* the same */
      }),
    )
    return made
  }
  const [us, them] = [await poolOf(mine), await poolOf(external)]
  try {
    const { id } = await ensureActivation(pool, 'foreign')
    const held = await lockActivation(them, id, 'foreign')
    await pool.query(grownOld, [id])
    await assert.rejects(lockActivation(us, id, 'foreign'), {
      code: 'holder-not-ended',
      message: new RegExp(`role "${mine}" has no permission to end the session of role "${external}"`),
      advice: new RegExp(`grant "${external}" to "${mine}"`),
    })
    assert.equal(held.lost.aborted, false)
    await pool.query(`grant ${external} to ${mine}`)
    await pool.query(grownOld, [id])
    const taken = await lockActivation(us, id, 'foreign')
    await held.release()
    await taken.release()
    await Promise.all([us.end(), them.end()])
  } finally {
    // Roles belong to the server, which other tests share.
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = any($1)`, [
      [mine, external],
    ])
    await pool.query(`drop owned by ${mine}, ${external}`)
    await pool.query(`drop role ${mine}, ${external}`)
  }
})
