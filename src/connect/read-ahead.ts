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
