import type { Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter } from './answer.ts'

/** Where a page begins: after the record with this number, in the order of the list; 0 is the start. */
export interface Page {
  readonly perPage: number
  readonly after: number
  readonly page: number
}

/**
 * Reads `per_page` and `starting_after`, from the query string or from a search's `pagination`. What Intercom does
 * above the maximum is undocumented; the emulator rejects it, so that no client relies on it.
 */
export function readPage(perPage: unknown, cursor: unknown, fallback: number, max: number): Page | Answer {
  const size = perPage === undefined || perPage === null ? fallback : Number(perPage)
  if (!Number.isInteger(size) || size < 1) return badParameter('Per Page is not a positive number')
  if (size > max) return badParameter('Per Page is too big')
  if (cursor === undefined || cursor === null || cursor === '') return { perPage: size, after: 0, page: 1 }
  const place =
    typeof cursor === 'string' ? /^(\d{1,15})-(\d{1,15})$/.exec(Buffer.from(cursor, 'base64').toString()) : null
  if (place === null) return badParameter('starting_after is not a valid cursor')
  return { perPage: size, after: Number(place[1]), page: Number(place[2]) }
}

/** The `pages` of a list with cursors. The last page has no `next`. */
export function pagesBody({ perPage, page }: Page, total: number, last: number | null): object {
  return {
    type: 'pages',
    page,
    per_page: perPage,
    total_pages: Math.ceil(total / perPage),
    ...(last === null
      ? {}
      : {
          next: { per_page: perPage, starting_after: Buffer.from(`${last}-${page + 1}`).toString('base64') },
        }),
  }
}
