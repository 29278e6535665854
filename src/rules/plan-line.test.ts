import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comparePlans, differenceWords, lineText, type PlanLine } from './plan-line.ts'

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

test('a difference is said in words, whatever differs', () => {
  const base: PlanLine = { record: 'jane', operation: 'attach', reason: 'new', group: 'name:vip' }
  const words = (planned: PlanLine, now: PlanLine | undefined) =>
    differenceWords({ record: 'jane', planned: [planned], now: now === undefined ? [] : [now] }, () => 'VIP')
  assert.equal(words(base, undefined), 'jane: the plan says + "VIP"; now nothing')
  assert.equal(
    words(base, { ...base, operation: 'skip', code: 'in-place' }),
    'jane: the plan says + "VIP"; now "VIP" already in place',
  )
  assert.equal(
    words(base, { ...base, reason: 'retry' }),
    'jane: the plan says + "VIP", with the reason new; the reason is now retry',
  )
  assert.equal(words(base, { ...base, group: '106' }), 'jane: the plan creates "VIP"; it exists now')
  const update: PlanLine = { record: 'jane', operation: 'update', reason: 'changed', fields: { a: 'x' } }
  assert.equal(
    words({ ...update, before: { a: 'y' } }, { ...update, before: { a: 'z' } }),
    'jane: the plan says update a = "x", and so it is now, but the values before it are others',
  )
})
