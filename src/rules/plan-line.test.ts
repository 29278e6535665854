import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comparePlans, lineText, type PlanLine } from './plan-line.ts'

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const line = fc.record<PlanLine>({
  record: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  operation: fc.constantFrom('attach', 'detach', 'skip'),
  reason: fc.constantFrom('new', 'left'),
  group: fc.constantFrom('1', '2'),
  code: fc.constantFrom('in-place', 'external'),
})
const plan = fc.array(line, { maxLength: 8 }).map((lines) => lines.toSorted((a, b) => order(a.record, b.record)))
async function* streamed(lines: readonly PlanLine[]): AsyncGenerator<PlanLine> {
  yield* lines
}

test('two plans differ in exactly the records of which they do not say the same', async () => {
  await fc.assert(
    fc.asyncProperty(plan, plan, async (was, is) => {
      const of = (lines: readonly PlanLine[], record: string): string[] =>
        lines.filter((each) => each.record === record).map(lineText)
      const differing = [...new Set([...was, ...is].map(({ record }) => record))]
        .filter((record) => of(was, record).join('\n') !== of(is, record).join('\n'))
        .toSorted(order)
      const found = await Array.fromAsync(comparePlans(streamed(was), streamed(is), order))
      assert.deepEqual(
        found.map(({ record, planned, now }) => [record, planned.map(lineText), now.map(lineText)]),
        differing.map((record) => [record, of(was, record), of(is, record)]),
      )
    }),
  )
})
