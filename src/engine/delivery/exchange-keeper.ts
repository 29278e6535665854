import type { Io } from '../../connect/io.ts'
import type { KeptExchange, ShownCall } from '../../store/ledger/exchanges.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { excerpt, callBehind, type CapturedCall } from '../../http/captured-call.ts'
import type { HttpClient } from '../../http/http-client-contract.ts'
import type { Slice } from './slices.ts'

/** Limits per reason and per Run, so that memory and disk stay flat however many Records fail. */
export const keptOfReason = 5
const keptOfRun = 200

/** Keeps the requests and answers behind the first failures of each reason. One keeper for the whole Run. */
export interface ExchangeKeeper {
  /** Captures the calls of one slice. Undefined once the Run's limit is reached. */
  watch(io: Io): Watch | undefined
}

export interface Watch {
  /** Use this Io in place of the given one. */
  readonly io: Io
  /** The exchanges to keep, with secrets redacted, cut to length. */
  pick(slice: Slice, outcomes: readonly SettledOutcome[]): readonly KeptExchange[]
}

export function createExchangeKeeper(client: Pick<HttpClient, 'send' | 'redact'>): ExchangeKeeper {
  const keptByReason = new Map<string, number>()
  let kept = 0

  function pick(
    seen: readonly CapturedCall[],
    { operations }: Slice,
    outcomes: readonly SettledOutcome[],
  ): KeptExchange[] {
    const keys = new Map(operations.map(({ ordinal, key }) => [ordinal, key]))
    return outcomes.flatMap(({ ordinal, outcome }) => {
      if (!('code' in outcome)) return []
      const { status, code } = outcome
      const reason = `${status} ${code}`
      const ofReason = keptByReason.get(reason) ?? 0
      if (kept >= keptOfRun || ofReason >= keptOfReason) return []
      const call = callBehind(outcome, seen)
      if (call === undefined) return []
      keptByReason.set(reason, ofReason + 1)
      kept += 1
      return [{ ordinal, key: keys.get(ordinal) ?? '', status, code, ...shown(call, client.redact) }]
    })
  }

  return {
    watch(io) {
      if (kept >= keptOfRun) return undefined
      const seen: CapturedCall[] = []
      return {
        io: { ...io, http: { send: (request) => client.send(request, seen) } },
        pick: (slice, outcomes) => pick(seen, slice, outcomes),
      }
    },
  }
}

/** Redact before cutting: otherwise half of a secret could remain at the cut. */
function shown(
  { method, path, body, status, answer, requestId, fault }: CapturedCall,
  redact: (text: string) => string,
): ShownCall {
  const cut = (text: string) => excerpt(redact(text))
  return {
    method,
    path: cut(path).text,
    request: body === null ? undefined : cut(body),
    httpStatus: status,
    answer: answer === '' ? undefined : cut(answer),
    requestId: requestId === undefined ? undefined : redact(requestId),
    trouble: fault?.message,
  }
}
