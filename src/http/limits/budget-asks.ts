/**
 * How the holders of one budget share it: a pure ledger of one kind. Every process that shares the budget may answer the
 * asks of the others.
 */
export interface BudgetRule<Ask extends AskOf, Grant, Ledger extends HolderLedger> {
  readonly empty: Ledger
  /** The answer to a holder that left. */
  readonly nothing: Grant
  share(
    ledger: Ledger,
    ask: Ask & { readonly holder: string },
    now: number,
  ): { readonly ledger: Ledger; readonly grant: Grant }
  /** The ask as it stands `ageMs` after it was made. */
  since(ask: Ask, ageMs: number): Ask
}

export interface AskOf {
  /** This is the holder's last ask. */
  readonly leaves?: boolean
}

export interface HolderLedger {
  readonly holders: Readonly<Record<string, unknown>>
}

/** The ledger of a budget, with the answer to each holder's latest ask. */
export type Answered<Ledger, Grant> = Ledger & { readonly answers?: Readonly<Record<string, Answer<Grant>>> }

interface Answer<Grant> {
  /** The number of the ask that this answers. */
  readonly seq: number
  readonly grant: Grant
}

/** An ask without an answer yet. */
export interface PutAsk<Ask> {
  readonly holder: string
  readonly seq: number
  readonly ask: Ask
  /** Time since the ask was made. */
  readonly ageMs: number
}

export function answerTo<Ledger, Grant>(
  ledger: Answered<Ledger, Grant> | undefined,
  holder: string,
  seq: number,
): Grant | undefined {
  const answer = ledger?.answers?.[holder]
  return answer?.seq === seq ? answer.grant : undefined
}

/** The new ledger, and the asking holders that left: their asks and answers are no longer needed. */
export interface AnsweredAsks<Ledger, Grant> {
  readonly ledger: Answered<Ledger, Grant>
  readonly gone: readonly string[]
}

/** Answers all open asks in order. Drops the answers to holders that are gone. */
export function answerAsks<Ask extends AskOf, Grant, Ledger extends HolderLedger>(
  rule: BudgetRule<Ask, Grant, Ledger>,
  before: Answered<Ledger, Grant> | undefined,
  asks: readonly PutAsk<Ask>[],
  now: number,
): AnsweredAsks<Ledger, Grant> {
  const answers = new Map(Object.entries(before?.answers ?? {}))
  let ledger: Ledger = before ?? rule.empty
  for (const { holder, seq, ask, ageMs } of asks) {
    if (answers.get(holder)?.seq === seq) continue
    const shared = rule.share(ledger, { ...rule.since(ask, ageMs), holder }, now)
    ledger = shared.ledger
    answers.set(holder, { seq, grant: shared.grant })
  }
  const isGone = (holder: string): boolean => ledger.holders[holder] === undefined
  return {
    ledger: { ...ledger, answers: Object.fromEntries([...answers].filter(([holder]) => !isGone(holder))) },
    gone: asks.filter(({ holder, ask }) => ask.leaves === true && isGone(holder)).map(({ holder }) => holder),
  }
}
