import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutPages, readEach } from './read-ahead.ts'

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

test('chunks of any size become pages of one size', async () => {
  const sizes = [3, 0, 1, 7, 1, 12]
  let next = 0
  const chunks = sizes.map((size) => Array.from({ length: size }, () => [String(next++)]))
  const nextPage = cutPages(() => Promise.resolve(chunks.shift()), 5)
  const pages = []
  for (let page = await nextPage(); page.length > 0; page = await nextPage())
    pages.push(page.map(([cell]) => Number(cell)))
  assert.deepEqual(
    pages.map((page) => page.length),
    [5, 5, 5, 5, 4],
  )
  assert.deepEqual(
    pages.flat(),
    Array.from({ length: 24 }, (_, index) => index),
  )
})
