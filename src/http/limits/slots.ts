/**
 * Requests that still count against a limit, as pairs of the time from which they no longer count and their number, in
 * order of time. Times are rounded up to a grain, so a list stays short however many requests it holds.
 */
export type Slots = readonly (readonly [freeAt: number, count: number])[]

export function addSlots(slots: Slots, freeAt: number, count: number, grainMs: number): Slots {
  if (count <= 0) return slots
  const at = Math.ceil(freeAt / grainMs) * grainMs
  let place = slots.length
  while (place > 0 && (slots[place - 1]?.[0] ?? 0) > at) place -= 1
  const before = slots[place - 1]
  if (before?.[0] === at) return slots.with(place - 1, [at, before[1] + count])
  return slots.toSpliced(place, 0, [at, count])
}

/** Without those that no longer count. A time further away than `mostMs` means that the clock was set back. */
export function takenAt(slots: Slots, now: number, mostMs: number): Slots {
  const first = slots.findIndex(([freeAt]) => freeAt > now)
  const taken = first === 0 ? slots : first < 0 ? [] : slots.slice(first)
  const last = taken.at(-1)?.[0] ?? now
  return last - now <= mostMs ? taken : taken.map(([freeAt, count]) => [Math.min(freeAt, now + mostMs), count])
}

export function countSlots(slots: Slots): number {
  return slots.reduce((sum, [, count]) => sum + count, 0)
}

/** Takes `count` away, those that would become free last first. */
export function removeSlots(slots: Slots, count: number): Slots {
  let left = count
  return slots
    .toReversed()
    .flatMap(([freeAt, taken]): [number, number][] => {
      const gone = Math.min(left, taken)
      left -= gone
      return taken > gone ? [[freeAt, taken - gone]] : []
    })
    .toReversed()
}

/** All that become free, in order of time. */
export function mergeSlots(one: Slots, other: Slots): Slots {
  return other.length === 0 ? one : [...one, ...other].toSorted(([a], [b]) => a - b)
}
