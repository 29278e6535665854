import assert from 'node:assert/strict'
import type { Identity, Outcome, Outcomes } from '../../connect/index.ts'
import type { TargetHarness } from './target-harness.ts'

/**
 * Fails when an outcome contradicts the emulator's state: delivered or in place means done; rejected or on hold means
 * not done. Unconfirmed may be either.
 */
export function assertHonest(
  harness: TargetHarness,
  outcomes: Outcomes,
  targetRecords: readonly Identity[],
  group: string,
  kind: 'attach' | 'detach',
): void {
  for (const targetRecord of targetRecords) {
    const status = outcomes.get(targetRecord.value)?.status
    const isSo = harness.holds(targetRecord).includes(group) === (kind === 'attach')
    if (isDone(status)) assert.ok(isSo, `${targetRecord.value} was said to be ${status}, and is not`)
    if (status === 'rejected' || status === 'on-hold')
      assert.ok(!isSo, `${targetRecord.value} was said to be ${status}, yet it is done`)
  }
}

export function statuses(outcomes: Outcomes): readonly Outcome['status'][] {
  return [...outcomes.values()].map(({ status }) => status)
}

export function isDone(status: Outcome['status'] | undefined): boolean {
  return status === 'delivered' || status === 'in-place'
}

export function range<T>(size: number, make: (i: number) => T): readonly T[] {
  return Array.from({ length: size }, (_, index) => make(index + 1))
}
