/** The part of the shared memory that one answer uses until its body is complete. */
export interface Seat {
  /** This many more bytes of the body arrived. */
  take(bytes: number): void
  /** The body was read or abandoned. */
  leave(): void
}

/** A stream that can be paused and resumed. */
export interface Flow {
  pause(): void
  resume(): void
}

export interface AnswerRoom {
  enter(flow: Flow): Seat
}

/**
 * Memory limit shared by all answers in flight. When it is full, only the oldest answer continues and the others are
 * paused. So memory stays close to `mostBytes`, however many large answers arrive at once.
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
