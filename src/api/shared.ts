import { z } from 'zod'
import { runStatuses } from '../model/run.ts'

/** Names of Connections and Activations, as in tailrace.yaml. */
export const name = z.string().min(1).max(200)

/** ISO 8601 in UTC. */
export const moment = z.iso.datetime()

/** Lists come in pages; `next` is the cursor of the next one, null at the end. Cursors mean nothing to anybody but the server. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export const paging = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** RFC 9457. `code` is of the catalogue (docs/errors.md); `pointer` is a JSON pointer into the body that was sent. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** What to do. */
  advice: z.string().nullable(),
  /** All that is wrong with what was sent, each beside its place. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })).default([]),
  /** The vendor's id of a request, for its support desk. */
  requestId: z.string().nullable().default(null),
})
export type Problem = z.output<typeof problem>

export const counts = z.object({
  read: z.number(), invalid: z.number(), added: z.number(), changed: z.number(), removed: z.number(), unchanged: z.number(), planned: z.number(),
  delivered: z.number(), alreadyInPlace: z.number(), rejected: z.number(), onHold: z.number(), unconfirmed: z.number(),
})
export const requests = z.object({ read: z.number(), write: z.number() })

export const runStatus = z.enum(runStatuses)

export const fault = z.object({ kind: z.string(), code: z.string(), message: z.string(), advice: z.string().nullable(), requestId: z.string().nullable() })
/** A tag, list or company, as it is called by now; `id` is null while it is yet to be created. */
export const group = z.object({ name: z.string(), id: z.string().nullable() })
export const json = z.unknown()

/** Rows that cannot become Records, all of them counted by code and column; of each the first few. */
export const invalidRowGroups = z.array(z.object({ code: z.string(), column: z.string(), count: z.number(), sample: z.array(z.object({ record: z.string().nullable(), row: z.number().nullable(), message: z.string() })) }))

/** What a person should know that is no failure. `code` is of the catalogue (docs/errors.md). */
export const notice = z.object({ code: z.string(), words: z.string(), data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) })
