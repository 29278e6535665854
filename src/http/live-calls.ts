import type { HttpCall } from './http-call.ts'

/** The calls of a client that have no final answer: queued, in flight, or waiting for a retry or a token. */
export interface LiveCalls extends Iterable<HttpCall> {
  readonly size: number
  has(call: HttpCall): boolean
  add(call: HttpCall): void
  delete(call: HttpCall): void
  /** Resolves when there are fewer than `room`. Never rejects. */
  hasCapacity(): Promise<void>
  /** Resolves when there are none. */
  idle(): Promise<void>
}

export function liveCalls(room: number): LiveCalls {
  const calls = new Set<HttpCall>()
  let whenRoom: (() => void)[] = []
  let whenIdle: (() => void) | undefined
  return {
    get size() {
      return calls.size
    },
    [Symbol.iterator]: () => calls.values(),
    has: (call) => calls.has(call),
    add: (call) => void calls.add(call),
    delete(call) {
      calls.delete(call)
      if (calls.size === 0) whenIdle?.()
      if (whenRoom.length === 0 || calls.size >= room) return
      const woken = whenRoom
      whenRoom = []
      for (const wake of woken) wake()
    },
    hasCapacity: () => (calls.size < room ? Promise.resolve() : new Promise((resolve) => void whenRoom.push(resolve))),
    idle: () => (calls.size === 0 ? Promise.resolve() : new Promise((resolve) => void (whenIdle = resolve))),
  }
}
