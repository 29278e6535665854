import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startCluster } from '../testing/harness/cluster.ts'
import { lacksNetworks } from '../testing/harness/network-namespaces.ts'

const skip = lacksNetworks()

test(
  'sessions of a machine that vanished end by themselves, though nobody wants what they hold',
  { timeout: 240_000 },
  async (t) => {
    if (skip !== undefined) return t.skip(skip)
    const cluster = await startCluster({ tapped: false })
    after(() => cluster.stop())
    const [gone] = cluster.workers
    assert.ok(gone !== undefined)
    const sessions = async (): Promise<number> =>
      (
        await cluster.pool.query<{ n: number }>(
          'select count(*)::int as n from pg_stat_activity where client_addr = $1',
          [gone.machine.address],
        )
      ).rows[0]?.n ?? 0
    assert.ok((await sessions()) > 1)
    gone.machine.cut()
    // Without our keepalive settings the operating system would wait for two hours.
    for (const since = performance.now(); (await sessions()) > 0;) {
      assert.ok(performance.now() - since < 180_000, `${await sessions()} sessions are still there`)
      await delay(500)
    }
  },
)
