import type { LimitLane } from './limit-lane.ts'

/** Items that wait for their turn in the same limits, in order. */
export interface TurnQueue<Item> {
  readonly lanes: readonly LimitLane[]
  readonly size: number
  /** Place of the first item among all that wait: the lowest goes first. Infinity without items. */
  readonly firstPlace: number
  /** Adds to the end, or to the head: an item that already had a turn goes before new items. */
  add(item: Item, where: 'end' | 'head'): void
  take(): Item | undefined
  clear(): readonly Item[]
}

/** `places` numbers the items of all queues. */
export interface Places {
  first: number
  last: number
}

export function turnQueue<Item>(lanes: readonly LimitLane[], places: Places): TurnQueue<Item> {
  let items: { readonly item: Item; readonly place: number }[] = []
  let head = 0
  return {
    lanes,
    get size() {
      return items.length - head
    },
    get firstPlace() {
      return items[head]?.place ?? Infinity
    },
    add(item, where) {
      if (where === 'end') items.push({ item, place: ++places.last })
      else if (head > 0) items[--head] = { item, place: --places.first }
      else items.unshift({ item, place: --places.first })
    },
    take() {
      const first = items[head]
      head += 1
      if (head >= items.length) {
        items = []
        head = 0
      } else if (head >= 1024) {
        items = items.slice(head)
        head = 0
      }
      return first?.item
    },
    clear() {
      const waiting = items.slice(head)
      items = []
      head = 0
      return waiting.map(({ item }) => item)
    },
  }
}
