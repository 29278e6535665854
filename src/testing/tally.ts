import assert from 'node:assert/strict'
import type { Pool } from 'pg'

/** What happened over a whole sample of histories, and how often: a kit that never takes a path cannot fail on it. */
export interface Tally {
  note(what: string): void
  /** Fails, naming what never happened, unless all of these did. */
  check(expected: readonly string[]): void
}

export function openTally(): Tally {
  const times = new Map<string, number>()
  return {
    note(what) {
      times.set(what, (times.get(what) ?? 0) + 1)
    },
    check(expected) {
      const never = expected.filter((what) => !times.has(what))
      const counted = [...times].sort(([a], [b]) => a < b ? -1 : 1).map(([what, n]) => `${what} ${n}`).join(', ')
      assert.deepEqual(never, [], `in no history of the sample; there was: ${counted}`)
    },
  }
}

/** Every Outcome that the Ledgers of this database tell of, and each kind of line: `delivered`, `update delivered`. */
export async function tallyOutcomes(pool: Pool, tally: Tally): Promise<void> {
  const { rows } = await pool.query<{ kind: string; status: string }>('select distinct kind, status from ledger')
  for (const { kind, status } of rows) {
    tally.note(status)
    tally.note(`${kind} ${status}`)
  }
}
