import { emptyLedger, shareRate, type RateAsk, type RateGrant, type RateLedger } from './rate-share.ts'

/** The ledger of an account, with the answer to each holder's latest ask. */
export interface AnsweredLedger extends RateLedger {
  readonly answers?: Readonly<Record<string, Answer>>
}

interface Answer {
  /** The number of the ask that this answers. */
  readonly seq: number
  readonly grant: RateGrant
}

/** An ask without an answer yet. */
export interface PutAsk {
  readonly holder: string
  readonly seq: number
  readonly ask: Omit<RateAsk, 'holder'>
  /** Time since the ask was made. */
  readonly ageMs: number
}

export function answerTo(ledger: AnsweredLedger | undefined, holder: string, seq: number): RateGrant | undefined {
  const answer = ledger?.answers?.[holder]
  return answer?.seq === seq ? answer.grant : undefined
}

/** The new ledger, and the asking holders that left: their asks and answers are no longer needed. */
export interface AnsweredAsks {
  readonly ledger: AnsweredLedger
  readonly gone: readonly string[]
}

/** Answers all open asks in order. Drops the answers to holders that are gone. */
export function answerAsks(before: AnsweredLedger | undefined, asks: readonly PutAsk[], now: number): AnsweredAsks {
  const { answers: known = {}, ...rest } = before ?? (emptyLedger as AnsweredLedger)
  let ledger: RateLedger = rest
  const answers = new Map(Object.entries(known))
  for (const { holder, seq, ask, ageMs } of asks) {
    if (answers.get(holder)?.seq === seq) continue
    const shared = shareRate(ledger, { ...sinceThen(ask, ageMs), holder }, now)
    ledger = shared.ledger
    answers.set(holder, { seq, grant: shared.grant })
  }
  const isGone = (holder: string): boolean => ledger.holders[holder] === undefined
  return {
    ledger: { ...ledger, answers: Object.fromEntries([...answers].filter(([holder]) => !isGone(holder))) },
    gone: asks.filter(({ holder, ask }) => ask.leaves === true && isGone(holder)).map(({ holder }) => holder),
  }
}

/** Shortens the reported time to the window's end by the age of the ask. */
function sinceThen(ask: PutAsk['ask'], ageMs: number): PutAsk['ask'] {
  const window = ask.reported?.window
  if (ask.reported === undefined || window === undefined) return ask
  return { ...ask, reported: { ...ask.reported, window: { ...window, endsInMs: window.endsInMs - ageMs } } }
}
