import type { Row } from '../model/row.ts'

/**
 * Yields the pages of a read, and fetches one page ahead while the consumer works on the current one.
 * `nextPage` returns fewer than `pageSize` rows exactly once, at the end.
 */
export async function* readAhead(
  nextPage: () => Promise<readonly Row[]>,
  pageSize: number,
): AsyncGenerator<readonly Row[]> {
  let next = nextPage()
  for (;;) {
    const rows = await next
    const isLast = rows.length < pageSize
    if (!isLast) {
      next = nextPage()
      // A consumer may stop before it needs this page: its error must not count as unhandled. `await` still throws it.
      next.catch(() => undefined)
    }
    if (rows.length > 0) yield rows
    if (isLast) return
  }
}

/**
 * Reads for each item in parallel and yields the results in the order of the items. `io.http` limits the requests in
 * flight. At most `ahead` reads are pending, so memory use does not grow with the number of items.
 */
export async function* readEach<Item, Read>(
  items: readonly Item[],
  read: (item: Item) => Promise<Read>,
  ahead = 100,
): AsyncGenerator<Read> {
  const underWay: Promise<Read>[] = []
  const start = (item: Item): void => {
    const reading = read(item)
    // The error is thrown when this result is yielded. Until then it must not count as unhandled.
    reading.catch(() => undefined)
    underWay.push(reading)
  }
  for (const item of items) {
    if (underWay.length >= ahead) yield await (underWay.shift() as Promise<Read>)
    start(item)
  }
  for (const reading of underWay) yield await reading
}

/** Combines chunks of any size to pages of exactly `pageSize`, except the last page. `nextChunk`: undefined at the end. */
export function cutPages(
  nextChunk: () => Promise<readonly Row[] | undefined>,
  pageSize: number,
): () => Promise<readonly Row[]> {
  let chunk: readonly Row[] = []
  let used = 0
  return async () => {
    let page: readonly Row[] = []
    for (;;) {
      const taken = chunk.slice(used, used + pageSize - page.length)
      used += taken.length
      page = page.length === 0 ? taken : page.concat(taken)
      if (page.length === pageSize) return page
      const next = await nextChunk()
      if (next === undefined) return page
      chunk = next
      used = 0
    }
  }
}
