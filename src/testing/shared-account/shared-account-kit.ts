import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { historyOf } from './shared-account-history.ts'
import { playHistory } from './shared-account-rest.ts'
import { playInProcesses } from './shared-account-players.ts'
import { openSharedAccount } from './shared-account.ts'
import { isDeep, sampleOf } from '../harness/sample-size.ts'
import { openTally } from '../behavior-kit/tally.ts'

/** `.ci/run` has 45 minutes. A slow machine plays fewer histories in this time, and says how many; never fewer than `atLeast`. */
const deepMs = 20 * 60_000
const atLeast = 2500
/** Time limit for shrinking a failed history. */
const shrinkMs = 60_000

/** Events that a sample of this size must contain. Without them it proves nothing about them. */
const frequent = {
  from: 40,
  events: [
    'run',
    'together',
    'hand',
    'undo',
    'rename',
    'verify',
    'retry',
    'delivered',
    'alreadyInPlace',
    'removed',
    'person in the middle of a Run',
    'wanted and in place',
    "stays: a person's",
  ],
}
const rarer = {
  from: 900,
  events: [
    'dies at query',
    'dies before a request',
    'dies after a request',
    'odd answer',
    'refused',
    'leftAlone',
    'rejected',
    'undo wrote',
    'undo had nothing to do',
    'renamed: new',
    'renamed: old',
    'renamed: of another',
    'left, and kept for another',
    'taken off once nobody wanted it any more',
    'adopted link taken off',
    'wanted, and gone by a person',
    'wanted, and gone by a detach',
    'stays: an attach never takes off',
  ],
}
const rarest = { from: 4000, events: ['reply lost', 'request lost', 'unavailable'] }
/** Maximum share of links that may stay because their authorship is unknown. */
const unknownAtMost = 0.1

/**
 * Proves with random histories that Activations on a shared account leave external links alone, write nothing that no
 * query asks for, keep what any of them still desires, and end with everything as asked. History `n` of a sample
 * depends only on the seed `SEED` + `n`.
 */
export function fiveActivationsKit(): void {
  const { numRuns, seed = Date.now() % 1_000_000_000 } = sampleOf({ deep: 5000, usual: 40 })
  test(`${numRuns} histories of five activations on one account, seeds ${seed} to ${seed + numRuns - 1}`, async (t) => {
    const tally = openTally()
    const began = performance.now()
    const isOver = (): boolean =>
      isDeep && process.env['HISTORIES'] === undefined && next >= atLeast && performance.now() - began > deepMs
    let next = 0
    let failed: Failure | undefined
    const failures: number[] = []
    const isDone = (): boolean =>
      next >= numRuns || isOver() || (failed !== undefined && process.env['ALL'] === undefined)
    await playInProcesses(
      numRuns,
      () => (isDone() ? null : seed + next++),
      ({ seed: own, events, story }) => {
        for (const [what, times] of events) tally.note(what, times)
        if (story === null) return
        failures.push(own)
        if (process.env['ALL'] !== undefined)
          t.diagnostic(
            `${own} ${story
              .split('\n')
              .filter((line) => line.startsWith('=>'))
              .slice(0, 2)
              .join(' ')}`,
          )
        failed ??= { seed: own, story }
      },
    )
    const seconds = (performance.now() - began) / 1000
    const words = `${next} of ${numRuns} histories in ${seconds.toFixed(1)} s: ${(next / seconds).toFixed(1)} a second`
    t.diagnostic(words)
    if (isDeep) process.stdout.write(`five activations on one account: ${words}, seeds ${seed} to ${seed + next - 1}\n`)
    if (process.env['ALL'] !== undefined) t.diagnostic(tally.words())
    if (failed !== undefined) await shrink(t, failed, failures)
    tally.check([frequent, rarer, rarest].flatMap(({ from, events }) => (next >= from ? events : [])))
    const [unknown, removed] = [tally.count('stays: unknown authorship'), tally.count('removed')]
    assert.ok(
      unknown <= 2 || unknown <= unknownAtMost * (unknown + removed),
      `${unknown} links stayed whose author was unknown, and ${removed} Runs took something off`,
    )
  })
}

interface Failure {
  readonly seed: number
  readonly story: string
}

function storyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Throws the smallest failing history that is found within the time limit. */
async function shrink(t: TestContext, { seed, story: first }: Failure, failures: readonly number[]): Promise<never> {
  const account = await openSharedAccount(t)
  const result = await fc.check(
    fc.asyncProperty(historyOf, (history) => playHistory(account, history, () => undefined)),
    { seed, numRuns: 1, unbiased: true, interruptAfterTimeLimit: shrinkMs, markInterruptAsFailure: false },
  )
  const story = result.failed ? storyOf(result.errorInstance) : `It did not fail again. It failed with:\n${first}`
  throw new Error(
    `History with seed ${seed} (again: HISTORIES=1 SEED=${seed}; failed: ${failures.length}), made smaller ${result.numShrinks} times:\n${story}`,
  )
}
