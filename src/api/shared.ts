import { z } from 'zod'

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
  read: z.number(), refused: z.number(), added: z.number(), changed: z.number(), removed: z.number(), unchanged: z.number(), planned: z.number(),
  delivered: z.number(), alreadyInPlace: z.number(), leftAlone: z.number(), rejected: z.number(), onHold: z.number(), inDoubt: z.number(),
})
export const requests = z.object({ read: z.number(), write: z.number() })

export const runStatus = z.enum([
  'queued', 'reading', 'comparing', 'awaiting approval', 'delivering', 'deferred', 'completed', 'completed with failures', 'shelved', 'refused', 'failed', 'cancelled',
])

export const fault = z.object({ kind: z.string(), code: z.string(), message: z.string(), advice: z.string().nullable(), requestId: z.string().nullable() })
export const member = z.object({ name: z.string(), id: z.string().nullable() })
export const json = z.unknown()
