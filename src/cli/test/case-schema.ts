import { z } from 'zod'
import { noCounts, runStatuses, type Counts } from '../../model/run.ts'

const name = z.string().min(1)
const tags = z.array(name)
/** `c1: [VIP]`, or `c1:` with nothing below it: no tags. */
const bare = z.null().transform((): string[] => [])
const tagsOn = z.union([tags, bare]).transform((list) => ({ tags: list }))

const contact = z.union([tagsOn, z.strictObject({ tags: tags.default([]), external_id: name.optional(), email: name.optional() })])
const company = z.union([tagsOn, z.strictObject({ tags: tags.default([]), id: name.optional(), contacts: z.int().min(0).optional() })])
  .transform((written): { tags: string[]; id?: string | undefined; contacts?: number | undefined } => written)
const conversation = z.union([tagsOn, z.strictObject({ tags: tags.default([]) })])

/** The Intercom a case begins with: what is named here exists, and nothing else. Companies are named by their `company_id`. */
const before = z.strictObject({
  tags: tags.default([]),
  contacts: z.record(z.string(), contact).default({}),
  companies: z.record(z.string(), company).default({}),
  conversations: z.record(z.string(), conversation).default({}),
})

/** Parts of what Intercom shall hold: all tags of each thing that is named. */
const after = z.strictObject({
  tags: tags.optional(),
  contacts: z.record(z.string(), tagsOn).optional(),
  companies: z.record(z.string(), tagsOn).optional(),
  conversations: z.record(z.string(), tagsOn).optional(),
})

const sign = z.string().regex(/^[+-].* ./s, 'write a tag that is put on or taken off as "+TAG THING" or "-TAG THING"')

const counts = z.strictObject(Object.fromEntries(
  Object.keys(noCounts).map((key) => [key, z.int().min(0).optional()]),
) as Record<keyof Counts, z.ZodOptional<z.ZodInt>>)

const expectation = z.strictObject({
  status: z.enum(runStatuses).optional(),
  writes: z.array(sign).optional(),
  after: after.optional(),
  counts: counts.optional(),
  rejected: z.record(z.string(), name).optional(),
  refused: z.array(name).optional(),
  fault: name.optional(),
}).refine((expected) => Object.keys(expected).length > 0, 'says nothing; expect at least a status, or writes: []')

/** What a person does in Intercom by hand. */
const edit = z.union([
  sign,
  z.strictObject({ createTag: name }),
  z.strictObject({ renameTag: name, to: name }),
  z.strictObject({ deleteTag: name }),
  z.strictObject({ archiveContact: name }),
  z.strictObject({ deleteContact: name }),
  z.strictObject({ deleteCompany: name }),
])

/** A cell is the text that stands in the file: 007 keeps its zeros. */
const cell = z.union([z.string(), z.boolean().transform(String), z.null(), z.array(z.string())])
const rows = z.array(z.record(z.string(), cell))

const run = {
  /** What the query returns; or `warehouse: run`, to ask the Warehouse. */
  rows: rows.optional(),
  warehouse: z.literal('run').optional(),
  expect: expectation,
}

interface Asked {
  readonly rows?: unknown
  readonly warehouse?: unknown
}
const notBoth = ({ rows: given, warehouse }: Asked): boolean => given === undefined || warehouse === undefined
const both = { error: 'the query\'s result is given by rows, or asked of the warehouse; not both', path: ['warehouse'] }

const step = z.strictObject({ name: name.optional(), edits: z.array(edit).default([]), ...run }).refine(notBoth, both)

export const caseFile = z.strictObject({
  cases: z.array(z.strictObject({
    name, activation: name, before: before.prefault({}), ...run,
    // oxlint-disable-next-line unicorn/no-thenable -- a list, never a function: awaiting it does nothing
    then: z.array(step).default([]),
  }).refine(notBoth, both).refine(
    ({ rows: given, warehouse }) => given !== undefined || warehouse !== undefined, 'give the rows that the query returns, or "warehouse: run"',
  )).min(1),
})

export type Before = z.output<typeof before>
export type Edit = z.output<typeof edit>
export type Expectation = z.output<typeof expectation>
export type GivenRow = z.output<typeof rows>[number]
export type WrittenCase = z.output<typeof caseFile>['cases'][number]
