import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import type { RunReport } from '../../engine/run-report.ts'

/** Counts events over a sample of histories. A kit that never takes a path cannot fail on it. */
export interface Tally {
  note(what: string, more?: number): void
  /** Fails and names the expected events that never happened. */
  check(expected: readonly string[]): void
  /** Number of events whose names start with this. */
  count(beginning: string): number
  /** All events with their counts. */
  words(): string
}

export function openTally(): Tally {
  const times = new Map<string, number>()
  const words = () =>
    [...times]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, n]) => `${what} ${n}`)
      .join(', ')
  return {
    note(what, more = 1) {
      times.set(what, (times.get(what) ?? 0) + more)
    },
    words,
    count: (beginning) => [...times].reduce((sum, [what, n]) => (what.startsWith(beginning) ? sum + n : sum), 0),
    check(expected) {
      const never = expected.filter((what) => !times.has(what))
      assert.deepEqual(never, [], `in no history of the sample; there was: ${words()}`)
    },
  }
}

/** Notes all Outcomes in the Ledgers of this database, and each with its kind: `delivered`, `update delivered`. */
export async function tallyOutcomes(pool: Pool, tally: Tally): Promise<void> {
  const { rows } = await pool.query<{ kind: string; status: string }>('select distinct kind, status from ledger')
  for (const { kind, status } of rows) {
    tally.note(status)
    tally.note(`${kind} ${status}`)
  }
}

/** Number of rows that repeat another row's Record and are ignored, from the notices of the Run. */
export function repeatedRows({ notices }: RunReport): number {
  return notices
    .filter(({ code }) => code === 'repeated-rows' || code === 'later-rows')
    .reduce((sum, { data }) => sum + Number(data['rows']), 0)
}
