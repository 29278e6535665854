import { z } from 'zod'
import { runStatuses } from '../model/run.ts'

/** Name of a Connection or an Activation, as in tailrace.yaml. */
export const name = z.string().min(1).max(200)

/** What people call one and several of a kind: `contact`, `contacts`. */
export const noun = z.object({ one: z.string(), many: z.string() })

/** The operation of a behavior for rows that are new, changed and gone; null: none. */
export const behaviorOperations = z.object({
  added: z.string().nullable(),
  changed: z.string().nullable(),
  removed: z.string().nullable(),
})

/** The nouns of an object: of its target records, and of its groups (null: its Records are whole records). */
export const nouns = z.object({ record: noun, group: noun.nullable() })

/** ISO 8601 in UTC. */
export const moment = z.iso.datetime()

/** One page of a list. `next` is the opaque cursor of the next page; null at the end. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export const paging = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** RFC 9457. `code` is from docs/errors.md; `pointer` is a JSON pointer into the request body. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** What to do. */
  advice: z.string().nullable(),
  /** All problems of the request body, each with a pointer. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })).default([]),
  /** The vendor's id of a request, for its support desk. */
  requestId: z.string().nullable().default(null),
})
export type Problem = z.output<typeof problem>

export const counts = z.object({
  read: z.number(),
  invalid: z.number(),
  added: z.number(),
  changed: z.number(),
  removed: z.number(),
  unchanged: z.number(),
  planned: z.number(),
  delivered: z.number(),
  alreadyInPlace: z.number(),
  rejected: z.number(),
  onHold: z.number(),
  unconfirmed: z.number(),
})
export const requests = z.object({ read: z.number(), write: z.number() })

export const runStatus = z.enum(runStatuses)

export const fault = z.object({
  kind: z.string(),
  code: z.string(),
  message: z.string(),
  advice: z.string().nullable(),
  requestId: z.string().nullable(),
})
/** A group with its current name; `id` is null until it is created. */
export const group = z.object({ name: z.string(), id: z.string().nullable() })
export const json = z.unknown()

/** Invalid rows, counted by code and column, with the first few of each. */
export const invalidRowGroups = z.array(
  z.object({
    code: z.string(),
    column: z.string(),
    count: z.number(),
    sample: z.array(z.object({ record: z.string().nullable(), row: z.number().nullable(), message: z.string() })),
  }),
)

/** Information that is not a failure. `code` is from docs/errors.md. */
export const notice = z.object({
  code: z.string(),
  words: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
