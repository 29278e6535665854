import { perform, retry, run } from './shared-account-play.ts'
import type { LinkState } from './shared-account-effects.ts'
import type { History } from './shared-account-history.ts'
import { castWords, stepWords } from './shared-account-story.ts'
import { openStage, type Stage } from './shared-account-stage.ts'
import { isWriteCall } from './shared-account-trouble.ts'
import { noneDesired, desiredOf } from './shared-account-desired.ts'
import { day, minute, type SharedAccount } from './shared-account.ts'

/** Maximum number of rounds until no Activation has anything left to do. */
const roundsAtMost = 4

/** Plays one history to its end. Throws with the full log if a forbidden change happened. */
export async function playHistory(
  account: SharedAccount,
  history: History,
  note: (what: string) => void,
): Promise<void> {
  const stage = await openStage(account, history, note)
  stage.log.unshift(...castWords(history))
  try {
    for (const step of history.steps) {
      stage.log.push(stepWords(history, step))
      if (step.pauseMs > 0) await stage.letTimePass(step.pauseMs)
      await perform(stage, step.deed)
      assertNoConnectionHeld(stage)
      assertNoViolation(stage)
    }
    await comeToRest(stage)
  } catch (error) {
    if (error instanceof Broken) throw error
    throw new Error(`${stage.log.join('\n')}\n=> ${error instanceof Error ? error.stack : String(error)}`, {
      cause: error,
    })
  } finally {
    account.intercom.watch({})
  }
}

class Broken extends Error {}

function assertNoViolation({ book: { violations }, log }: Stage): void {
  if (violations.length > 0) throw new Broken(`${log.join('\n')}\n=> ${violations.join('\n=> ')}`)
}

/** A Run must release its connections, however it ended. Otherwise the server runs out of connections. */
function assertNoConnectionHeld({
  account: {
    database: { pool },
  },
  book,
}: Stage): void {
  const held = pool.totalCount - pool.idleCount
  if (held > 0) book.violations.push(`${held} connections to the control database were not given back`)
}

/** Runs each Activation on its last rows until none has anything left to do. Then everything must be as asked. */
async function comeToRest(stage: Stage): Promise<void> {
  const {
    history: { last, roles, restsAll },
    rows,
    log,
    book,
    open,
    runs,
  } = stage
  await stage.letTimePass(day)
  for (const [who, drawn] of last.entries()) {
    if (drawn !== undefined) rows[who] = drawn
    // An Activation that never ran and has no rows has nothing to finish.
    if (!restsAll && rows[who]?.length === 0 && runs[who]?.length === 0) continue
    log.push(
      stepWords(stage.history, {
        pauseMs: who === 0 ? day : 0,
        deed: { do: 'run', who, rows: rows[who], trouble: undefined, during: undefined },
      }),
    )
    await retry(stage, who)
    assertNoViolation(stage)
  }
  for (let round = 1; ; round += 1) {
    await stage.letTimePass(11 * minute)
    const writes: string[] = []
    for (const who of roles.keys()) {
      if (!restsAll && open[who] !== true) continue
      log.push(`round ${round}: a${who} runs again`)
      writes.push(...(await writesOf(stage, () => run(stage, who, {}))))
      assertNoViolation(stage)
    }
    if (writes.length === 0) break
    if (round === roundsAtMost)
      book.violations.push(`after ${round} Runs each there is still something to do: ${writes.join(', ')}`)
    assertNoViolation(stage)
  }
  checkEnd(stage)
  assertNoConnectionHeld(stage)
  assertNoViolation(stage)
}

async function writesOf({ account: { intercom } }: Stage, act: () => Promise<void>): Promise<readonly string[]> {
  intercom.requests.clear()
  await act()
  const { endpoints } = intercom.requests.counters()
  return Object.entries(endpoints)
    .filter(([name]) => isWriteCall(name))
    .map(([name, { requests }]) => `${name} ${requests}`)
}

function checkEnd({ account: { world }, book, history: { roles }, rows, note }: Stage): void {
  const asked = roles.map((role, who) =>
    role.behavior === 'detach' ? noneDesired : desiredOf(world, role, rows[who] ?? [], book.followed(who)),
  )
  for (const [who, { links, twice, unsettled }] of asked.entries()) {
    for (const name of links) {
      const state = book.links.get(name)
      if (state?.present === true) note('wanted and in place')
      else if (twice.has(name)) note('named by two rows')
      else if (unsettled.has(name)) note("of a contact with another's name")
      else if (state !== undefined && mayBeGone(state, book.wantedSince(who, name), who))
        note(`wanted, and gone by a ${state.removedBy}`)
      else book.violations.push(`at rest a${who} wants ${name}, and it is not there`)
    }
  }
  for (const state of book.links.values()) {
    if (!state.present || asked.some(({ links, unsettled }) => links.has(state.name) || unsettled.has(state.name)))
      continue
    const why = mayStay(state, (who) => roles[who]?.behavior === 'mirror')
    if (why === undefined)
      book.violations.push(
        `at rest nobody wants ${state.name}, which ${state.by === 'person' ? 'was adopted' : `a${state.by} had put there`}, and it is still there`,
      )
    else note(`stays: ${why}`)
  }
}

/**
 * A missing link is correct after a detach. It is drift if a person removed it while the Activation relied on it, or so
 * recently that the index still showed it.
 */
function mayBeGone({ removedBy, removedAt, missedBy }: LinkState, since: number | undefined, who: number): boolean {
  if (removedBy === 'detach') return true
  return (
    removedBy === 'person' &&
    (missedBy.has(who) || (since !== undefined && since >= removedAt && since - removedAt <= 10 * minute))
  )
}

/** Why a link that no Activation desires may still be in place; undefined if it may not. */
function mayStay(
  { by, restored, murky, sureAdopters }: LinkState,
  isMirror: (who: number) => boolean,
): string | undefined {
  if (restored) return 'an undo brought it back'
  if (by === 'person') return sureAdopters.size > 0 ? undefined : "a person's"
  if (!isMirror(by)) return 'an attach never takes off'
  return murky === undefined ? undefined : `unknown authorship: ${murky}`
}
