import { emptyLedger, shareRate, type RateAsk, type RateGrant, type RateLedger } from './rate-share.ts'

/** The ledger of an account, with the answer to the latest ask of each holder. */
export interface AnsweredLedger extends RateLedger {
  readonly answers?: Readonly<Record<string, Answer>>
}

interface Answer {
  /** Which ask of the holder's it answers. */
  readonly seq: number
  readonly grant: RateGrant
}

/** An ask that waits to be answered. */
export interface PutAsk {
  readonly holder: string
  readonly seq: number
  readonly ask: Omit<RateAsk, 'holder'>
  /** How long it has waited. */
  readonly ageMs: number
}

export function answerTo(ledger: AnsweredLedger | undefined, holder: string, seq: number): RateGrant | undefined {
  const answer = ledger?.answers?.[holder]
  return answer?.seq === seq ? answer.grant : undefined
}

/** What became of asks: the ledger, and the holders among them that left: nobody needs their asks any more, nor answers to them. */
export interface AnsweredAsks {
  readonly ledger: AnsweredLedger
  readonly gone: readonly string[]
}

/** Answers all asks that are not answered yet, one after another. The answers to holders that are gone are dropped. */
export function answerAsks(before: AnsweredLedger | undefined, asks: readonly PutAsk[], now: number): AnsweredAsks {
  const { answers: known = {}, ...rest } = before ?? emptyLedger as AnsweredLedger
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

/** What was to come when it asked has come nearer since. */
function sinceThen(ask: PutAsk['ask'], ageMs: number): PutAsk['ask'] {
  const window = ask.reported?.window
  if (ask.reported === undefined || window === undefined) return ask
  return { ...ask, reported: { ...ask.reported, window: { ...window, endsInMs: window.endsInMs - ageMs } } }
}
