import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { DeliverIo, Ticket } from '../../connect/io.ts'
import { Fault } from '../../model/fault.ts'
import { saveTicket } from '../../store/snapshot/job-tickets.ts'
import type { RunLease } from '../../store/snapshot/marks.ts'

const longestTicket = 4000

/** The ticket of a batch that this Run marked, identified by its first ordinal. `handed`: the lines that the call is about. */
export function openTicket(pool: Pool, lease: RunLease, firstOrdinal: number, handed: readonly number[]): Ticket {
  return ticketOf(undefined, (text) => saveTicket(pool, lease, firstOrdinal, handed, text))
}

/** The ticket of a batch that an earlier Run marked. The lease is that of the Run that collects it. */
export function ticketOf(known: string | undefined, write: (text: string) => Promise<void>): Ticket {
  let saved = known
  return {
    get saved() {
      return saved
    },
    async save(text) {
      if (text === '' || text.length > longestTicket)
        throw new Fault('bug', `A ticket has 1 to ${longestTicket} characters, not ${text.length}.`, {
          code: 'bad-ticket',
        })
      await write(text)
      saved = text
    },
  }
}

export interface WaitLimits {
  readonly stop: AbortSignal
  /** Epoch milliseconds. */
  readonly deadline: number
  readonly now: () => number
}

/** The `wait` of a Run: it ends on a stop and at the Run's deadline, and the job's ticket is left for a later Run. */
export function openWait({ stop, deadline, now }: WaitLimits, signal: AbortSignal): DeliverIo['wait'] {
  const ends = AbortSignal.any([stop, signal])
  return async (ms) => {
    const left = deadline - now()
    if (!ends.aborted && left > 0)
      await delay(Math.min(ms, left), undefined, { signal: ends }).catch((error: unknown) => {
        if (!ends.aborted) throw error
      })
    const words = 'The Target may still work on these records. The next Run collects the results.'
    if (ends.aborted) throw new Fault('cancelled', words, { code: 'cancelled', mayHaveApplied: true })
    if (now() >= deadline) throw new Fault('transient', words, { code: 'time-limit', mayHaveApplied: true })
  }
}
