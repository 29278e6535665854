/**
 * A process that plays the histories whose seeds its parent sends, several at a time. Argument: how many. Ends when the
 * parent has no more of them.
 */
import fc from 'fast-check'
import { historyOf } from './shared-account-history.ts'
import type { NextHistory, PlayedHistory } from './shared-account-players.ts'
import { playHistory } from './shared-account-rest.ts'
import { openSharedAccount, type SharedAccount } from './shared-account.ts'

const lanes = Number(process.argv[2])
const waiting = new Map<number, (seed: number | null) => void>()

// In this way the exit hook still stops the database server.
process.once('disconnect', () => process.exit(1))
process.on('message', ({ lane, seed }: NextHistory) => waiting.get(lane)?.(seed))

function next(lane: number, played: PlayedHistory['played']): Promise<number | null> {
  return new Promise((resolve) => {
    waiting.set(lane, resolve)
    process.send?.({ lane, played } satisfies PlayedHistory)
  })
}

async function play(account: SharedAccount, seed: number): Promise<NonNullable<PlayedHistory['played']>> {
  const events = new Map<string, number>()
  const note = (what: string) => void events.set(what, (events.get(what) ?? 0) + 1)
  const result = await fc.check(
    fc.asyncProperty(historyOf, (history) => playHistory(account, history, note)),
    { seed, numRuns: 1, unbiased: true, endOnFailure: true },
  )
  const { errorInstance: error } = result
  const story = result.failed ? (error instanceof Error ? error.message : String(error)) : null
  return { seed, events: [...events], story }
}

await Promise.all(
  Array.from({ length: lanes }, async (_, lane) => {
    const account = await openSharedAccount()
    let seed = await next(lane, null)
    while (seed !== null) seed = await next(lane, await play(account, seed))
    await account.intercom.close()
    await account.database.close()
  }),
)
process.removeAllListeners('disconnect')
process.disconnect()
