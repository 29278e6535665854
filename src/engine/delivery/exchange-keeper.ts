import type { Io } from '../../connect/io.ts'
import type { KeptExchange, ShownCall } from '../../store/ledger/exchanges.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { excerpt } from '../../http/capture/excerpt.ts'
import type { HttpClient } from '../../http/http-client.ts'
import type { Slice } from './slices.ts'
import { callBehind, type CapturedCall } from '../../http/capture/captured-call.ts'

/** So many of each reason are kept, and so many of a Run: however many Records fail, memory and disk stay flat. */
export const keptOfReason = 5
const keptOfRun = 200

/** Picks out, of all that a Run asks and hears, what made the first Records of each reason fail. One for the whole Run. */
export interface ExchangeKeeper {
  /** Looks on at the calls of one slice; undefined once enough is kept: then nobody looks. */
  watch(io: Io): Watch | undefined
}

export interface Watch {
  /** In place of the one given. */
  readonly io: Io
  /** What is worth keeping of it, secrets blotted out and cut. */
  pick(slice: Slice, outcomes: readonly SettledOutcome[]): readonly KeptExchange[]
}

export function createExchangeKeeper(client: Pick<HttpClient, 'send' | 'redact'>): ExchangeKeeper {
  const keptByReason = new Map<string, number>()
  let kept = 0

  function pick(seen: readonly CapturedCall[], { operations }: Slice, outcomes: readonly SettledOutcome[]): KeptExchange[] {
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

/** Blotted out first and cut then: of a secret that lies across the cut, no half may stay. */
function shown({ method, path, body, status, answer, requestId, fault }: CapturedCall, redact: (text: string) => string): ShownCall {
  const cut = (text: string) => excerpt(redact(text))
  return {
    method, path: cut(path).text, request: body === null ? undefined : cut(body), httpStatus: status, answer: answer === '' ? undefined : cut(answer),
    requestId: requestId === undefined ? undefined : redact(requestId), trouble: fault?.message,
  }
}
