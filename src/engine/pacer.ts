import { mayGoAt, pace, startPacing, type Pacing, type PacingEvent, type PacingRules } from '../sync/pacing.ts'

/** Something that waits for its turn. `start` is called once per turn, synchronously. */
export interface Paced {
  /** The epoch of the pacing at the start: hand it back with the event that ends the turn. */
  start(sentAt: number, epoch: number): void
  /** The deadline passed while only the rate limit kept it waiting. */
  expire(): void
}

export interface Pacer {
  /** To the end of the queue, or to its head: what had a turn before goes before what had none. */
  add(item: Paced, where: 'end' | 'head'): void
  /** A turn has ended. */
  end(event: Exclude<PacingEvent, { type: 'sent' }>): void
  /** Empties the queue. Turns that have begun go on. */
  clear(): readonly Paced[]
  readonly state: Pacing
}

/** A first-in first-out queue in front of the pure pacing, with one timer for it all. */
export function createPacer(rules: PacingRules, now: () => number, deadline = Infinity): Pacer {
  let state = startPacing(rules)
  let queue: Paced[] = []
  let head = 0
  let timer: NodeJS.Timeout | undefined

  const take = (): Paced | undefined => {
    const item = queue[head]
    head += 1
    if (head === queue.length) {
      queue = []
      head = 0
    } else if (head >= 1024) {
      queue = queue.slice(head)
      head = 0
    }
    return item
  }

  const clear = (): Paced[] => {
    const waiting = queue.slice(head)
    queue = []
    head = 0
    clearTimeout(timer)
    timer = undefined
    return waiting
  }

  const pump = (): void => {
    while (head < queue.length) {
      const at = now()
      const next = mayGoAt(state)
      if (next > at) return wait(next, at)
      const { epoch } = state
      state = pace(state, { type: 'sent', at })
      take()?.start(at, epoch)
    }
  }

  /** Infinity needs no timer: some answer is due, and it pumps. */
  const wait = (next: number, at: number): void => {
    clearTimeout(timer)
    timer = undefined
    if (next === Infinity) return
    if (at >= deadline) return clear().forEach((item) => item.expire())
    timer = setTimeout(pump, Math.min(next, deadline) - at)
  }

  return {
    add(item, where) {
      if (where === 'end') queue.push(item)
      else if (head > 0) queue[--head] = item
      else queue.unshift(item)
      pump()
    },
    end(event) {
      state = pace(state, event)
      pump()
    },
    clear,
    get state() {
      return state
    },
  }
}
