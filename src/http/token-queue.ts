import type { Access, AccessSource } from './access.ts'
import { Fault } from '../model/fault.ts'
import { tokenlessFault, type HttpCall } from './http-call.ts'
import type { Pacer } from './pacer.ts'

/** Gives calls to the pacer once there is a token to send them with. */
export interface TokenQueue {
  /** `rejected`: the access that was answered with 401. The call waits for another. */
  add(call: HttpCall, where: 'end' | 'head', rejected?: Access): void
  /** The call no longer waits. */
  delete(call: HttpCall): void
  /** No call waits longer than until this time, in epoch milliseconds. Only shortens. */
  endBy(at: number): void
}

export interface TokenQueueOptions {
  readonly source: AccessSource
  readonly pacer: Pick<Pacer, 'add'>
  readonly now: () => number
  readonly deadline: number
  /** The call got no token. */
  fail(call: HttpCall, fault: Fault): void
}

/** A call that needs more tokens than this is not sent: they end before their turn comes. */
const mostWaits = 20
/** Node's longest timer. */
const longestTimerMs = 2 ** 31 - 1

export function tokenQueue({ source, pacer, now, deadline, fail }: TokenQueueOptions): TokenQueue {
  const waiting = new Set<HttpCall>()
  let lastTurn = deadline

  const limitWait = (call: HttpCall): void => {
    clearTimeout(call.timer)
    call.timer = setTimeout(() => call.expire({ is: 'no-time' }), Math.min(lastTurn - now(), longestTimerMs))
  }

  return {
    add(call, where, rejected) {
      const known = source.current()
      if (known !== undefined && known !== rejected) return pacer.add(call, where)
      call.tokenWaits += 1
      if (call.tokenWaits > mostWaits) return fail(call, tokenlessFault(call, endsTooSoon()))
      waiting.add(call)
      limitWait(call)
      source.obtain(rejected).then(
        () => {
          if (!waiting.delete(call)) return
          clearTimeout(call.timer)
          pacer.add(call, where)
        },
        (error: unknown) => {
          if (waiting.has(call)) fail(call, tokenlessFault(call, error))
        },
      )
    },
    delete: (call) => void waiting.delete(call),
    endBy(at) {
      lastTurn = Math.min(lastTurn, at)
      source.endBy(lastTurn)
      waiting.forEach(limitWait)
    },
  }
}

function endsTooSoon(): Fault {
  return new Fault('config', 'the token endpoint grants tokens that end before they can be used', {
    code: 'token-endpoint',
    advice: 'Raise the lifetime of access tokens in the settings of the app.',
  })
}
