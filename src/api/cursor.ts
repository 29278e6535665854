import { z, type ZodType } from 'zod'
import { Fault } from '../model/fault.ts'
import { isKeepable } from './reject-unfit.ts'

/** Schemas of the most common cursor values. */
export const afterText = z.string().refine(isKeepable)
export const afterNumber = z.int().nonnegative()

/** An opaque cursor for the next page. `list` distinguishes it from cursors of other lists. */
export function cursorOf(list: string, after: unknown): string {
  return Buffer.from(JSON.stringify([list, after])).toString('base64url')
}

/** The value given to `cursorOf`; undefined without a cursor. Throws a Fault `cursor-invalid` for another list's. */
export function cursorIn<After extends ZodType>(
  list: string,
  cursor: string | undefined,
  after: After,
): z.output<After> | undefined {
  if (cursor === undefined) return undefined
  try {
    const read = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown
    const given = Array.isArray(read) && read[0] === list ? after.safeParse(read[1]) : undefined
    if (given?.success) return given.data
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Fault('usage', 'This cursor does not belong to this list.', {
    code: 'cursor-invalid',
    advice: 'Use `next` of the previous page unchanged; or omit it for the first page.',
  })
}

/** One page of a list. The caller reads `limit + 1` rows, so the extra row shows that there is a next page. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  next: (last: Row) => string,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? next(last) : null }
}
