import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Pool } from 'pg'
import type { TokenServer } from '../../emulator-kit/tokens.ts'
import type { Activation } from '../../engine/activation.ts'
import type { Ports } from '../../engine/ports.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { runActivation } from '../../engine/run.ts'
import { databaseTokens } from '../../http/auth/database-tokens.ts'
import { createSealer } from '../../store/project/sealer.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { testDatabase } from '../harness/test-database.ts'
import { range } from './outcome-honesty.ts'

/** What the OAuth kit needs to know about a Target. */
export interface OAuthCase {
  readonly title: string
  start(): Promise<OAuthHarness>
}

/** A running emulator of a Target whose calls need a token that its token endpoint grants. */
export interface OAuthHarness {
  /** The emulator's token endpoint, with one grant that the Activations use. */
  readonly tokens: TokenServer
  /** Number of requests that arrived, token requests excluded. */
  readonly calls: number
  /**
   * An Activation that writes these records (numbers from 1), each by a call of its own. `side` 0 and 1 write to different
   * groups or records, so that both may run at once.
   */
  activation(name: string, records: readonly number[], side: 0 | 1): Promise<Activation>
  /** The records of a side that the emulator's state shows as written. */
  written(side: 0 | 1): readonly number[]
  close(): Promise<void>
}

/**
 * Registers the tests that every Target with OAuth must pass: real Runs on a real database, judged by the emulator's
 * state.
 */
export function oauthKit({ title, start }: OAuthCase): void {
  describe(`OAuth: ${title}`, () => {
    const withStage = async (t: TestContext, body: (stage: Stage) => Promise<void>): Promise<void> => {
      const { pool } = await testDatabase(t)
      const harness = await start()
      t.after(() => harness.close())
      const said: unknown[] = []
      await body({ harness, run: (activation) => runActivation(activation, portsOf(pool, said)) })
      const { rows } = await pool.query(`select t::text from oauth_token t union all select r::text from run r`)
      assert.doesNotMatch(
        inspect([said, rows], { depth: 9, maxArrayLength: null }),
        /canary|access-|refresh-[0-9a-f]{8}/,
      )
    }

    test('a token that expires before any call of a Run is renewed once, and the Run completes', (t) =>
      withStage(t, async ({ harness, run }) => {
        const { tokens } = harness
        let strikes = 0
        for (let before = 0; strikes === before; before += 1) {
          const [granted, calls] = [tokens.granted, harness.calls]
          let struck = false
          tokens.after(before, () => {
            struck = true
            tokens.expireAll()
          })
          const records = range(3, (i) => 3 * before + i)
          const report = await run(await harness.activation(`before ${before}`, records, 0))
          if (struck) strikes += 1
          assert.deepEqual([report.status, report.counts.delivered], ['completed', 3], `call ${before}`)
          assert.deepEqual(missing(harness, 0, records), [])
          assert.equal(tokens.granted - granted, (before === 0 ? 1 : 0) + (struck ? 1 : 0), `call ${before}`)
          // What was sent is counted, and a token request is neither a read nor a write.
          assert.equal(report.requests.read + report.requests.write, harness.calls - calls)
        }
        assert.ok(strikes > 4, `a Run makes only ${strikes} calls`)
      }))

    test('a grant that is revoked during a Run ends it with an auth Fault; the next Run delivers the rest', (t) =>
      withStage(t, async ({ harness, run }) => {
        const { tokens } = harness
        const records = range(40, (i) => i)
        const activation = await harness.activation('revoked', records, 0)
        tokens.after(12, tokens.revoke)
        const report = await run(activation)
        assert.deepEqual([report.status, report.fault?.kind, report.fault?.code], ['failed', 'auth', 'token-rejected'])
        assert.equal(report.counts.unconfirmed, 0, 'a call that was answered with 401 was not applied')
        const written = harness.written(0)
        assert.equal(report.counts.delivered, written.length)
        assert.ok(written.length > 0 && written.length < records.length, `${written.length} records were written`)
        tokens.restore()
        const next = await run(activation)
        assert.deepEqual([next.status, next.counts.delivered], ['completed', records.length - written.length])
        assert.deepEqual(missing(harness, 0, records), [])
      }))

    test('two workers share one token, and one renewal when it expires', (t) =>
      withStage(t, async ({ harness, run }) => {
        const { tokens } = harness
        const records = range(40, (i) => i)
        const both = (again: string): Promise<RunReport[]> =>
          Promise.all(
            ([0, 1] as const).map(
              async (side) => await run(await harness.activation(`${again} ${side}`, records, side)),
            ),
          )
        tokens.after(30, () => {
          tokens.trouble({ is: 'hold' })
          tokens.expireAll()
        })
        const working = both('worker')
        await tokens.held(1)
        await callsPause(harness)
        assert.equal(tokens.requests.length, 2, 'the other worker asked for a token as well')
        tokens.release()
        const reports = await working
        assert.deepEqual(
          reports.map(({ status, counts }) => [status, counts.delivered]),
          [
            ['completed', records.length],
            ['completed', records.length],
          ],
        )
        for (const side of [0, 1] as const) assert.deepEqual(missing(harness, side, records), [])
        assert.equal(tokens.requests.length, 2)
        await both('later')
        assert.equal(tokens.requests.length, 2, 'the token was not kept for the next Runs')
      }))
  })
}

interface Stage {
  readonly harness: OAuthHarness
  run(activation: Activation): Promise<RunReport>
}

/** Each Run has ports of its own, as in a process of its own. */
function portsOf(pool: Pool, said: unknown[]): Ports {
  const note = (...words: unknown[]): void => void said.push(words)
  return {
    ...quietPorts(pool),
    log: { debug: note, info: note, warn: note },
    tokens: databaseTokens({ pool: () => pool, sealer: () => createSealer(Buffer.alloc(32, 7)), worker: 'kit' }),
  }
}

/** Both workers wait for the token: no call arrives for a while. */
async function callsPause(harness: OAuthHarness): Promise<void> {
  for (let before = -1; before !== harness.calls; await delay(300)) before = harness.calls
}

function missing(harness: OAuthHarness, side: 0 | 1, records: readonly number[]): number[] {
  const written = new Set(harness.written(side))
  return records.filter((record) => !written.has(record))
}
