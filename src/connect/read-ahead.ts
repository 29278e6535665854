import type { Row } from '../model/row.ts'

/**
 * Pages of a read, with the next one under way while the consumer works on the current one: one page ahead, never more.
 * `nextPage` answers with fewer than `pageSize` rows exactly once, at the end.
 */
export async function* readAhead(nextPage: () => Promise<readonly Row[]>, pageSize: number): AsyncGenerator<readonly Row[]> {
  let next = nextPage()
  for (;;) {
    const rows = await next
    const isLast = rows.length < pageSize
    if (!isLast) {
      next = nextPage()
      // A consumer may leave before it asks for this page; whoever asks still gets the error.
      next.catch(() => undefined)
    }
    if (rows.length > 0) yield rows
    if (isLast) return
  }
}
