/** Where the body of one answer waits until it is whole. */
export interface Seat {
  /** So many more bytes of it have come. */
  take(bytes: number): void
  /** It is read, or given up. */
  leave(): void
}

/** What can be stopped and set going again while it sends. */
export interface Flow {
  pause(): void
  resume(): void
}

export interface AnswerRoom {
  enter(flow: Flow): Seat
}

/**
 * Memory that all answers under way share. Where it is full only the oldest of them goes on, and the senders of the others are made to
 * wait: so however many large answers come at once, what they take is this much and one more answer for each that paused.
 */
export function answerRoom(mostBytes: number): AnswerRoom {
  const seats = new Set<{ readonly flow: Flow; bytes: number; paused: boolean }>()
  let total = 0

  const goOn = (): void => {
    for (const seat of seats) {
      if (seat.paused) {
        seat.paused = false
        seat.flow.resume()
      }
      if (total >= mostBytes) return
    }
  }

  return {
    enter(flow) {
      const seat = { flow, bytes: 0, paused: false }
      seats.add(seat)
      return {
        take(bytes) {
          if (!seats.has(seat)) return
          seat.bytes += bytes
          total += bytes
          const [oldest] = seats
          if (total < mostBytes || seat === oldest || seat.paused) return
          seat.paused = true
          flow.pause()
        },
        leave() {
          if (!seats.delete(seat)) return
          total -= seat.bytes
          goOn()
        },
      }
    },
  }
}
