import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { watchLine } from './watched-line.ts'

test(
  'a server that falls silent ends what waits for it; once it answers, all goes on',
  { timeout: 30_000 },
  async (t) => {
    const { url, gate } = await gated(t)
    // A loaded machine may take 100 ms to answer, which is not silence.
    const line = watchLine({ url, applicationName: 'test', everyMs: 100, mostSilent: 5 })
    const pool = new pg.Pool({ connectionString: url, stream: line.stream })
    pool.on('error', () => {
      /* told by the queries */
    })
    t.after(async () => {
      await line.close()
      await pool.end()
    })
    await pool.query('select 1')
    await pool.query('select pg_sleep(0.8)')
    gate.isOpen = false
    await assert.rejects(pool.query('select 1'), { code: 'ETIMEDOUT' })
    await assert.rejects(pool.query('select 1'), { code: 'ETIMEDOUT' }, 'nor does a new connection wait')
    gate.isOpen = true
    await assert.doesNotReject(pool.query('select 1'))
  },
)

/** A connection to the server that, when closed, passes nothing on and ends nothing. */
async function gated(t: TestContext) {
  const database = await testDatabase(t)
  const url = new URL(database.url)
  const gate = { isOpen: true }
  const sockets = new Set<Socket>()
  const [to, host] = [Number(url.port), url.hostname]
  const server = createServer((near) => {
    const far = connect(to, host)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from
        .on('error', () => {
          /* it was ended */
        })
        .on('data', (data) => void (gate.isOpen && into.write(data)))
        .on('close', () => into.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, gate }
}
