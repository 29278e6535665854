import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEach } from './read-ahead.ts'

test('reads several at once, never more than asked, and yields all in order', async () => {
  let underWay = 0
  let most = 0
  const read = async (item: number): Promise<number> => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    return item * 2
  }
  const all: number[] = []
  for await (const each of readEach([1, 2, 3, 4, 5, 6, 7], read, 3)) all.push(each)
  assert.deepEqual(all, [2, 4, 6, 8, 10, 12, 14])
  assert.equal(most, 3)
})

test('a failure is thrown where its turn comes, after what was read before it', async () => {
  const seen: number[] = []
  await assert.rejects(async () => {
    for await (const each of readEach([1, 2, 3], (item) =>
      item === 2 ? Promise.reject(new Error('no')) : Promise.resolve(item),
    ))
      seen.push(each)
  }, /no/)
  assert.deepEqual(seen, [1])
})
