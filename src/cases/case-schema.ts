import { z } from 'zod'
import { noCounts, runStatuses, type Counts } from '../model/run.ts'
import type { ColumnType } from '../model/row.ts'

/** Types that a case may give to the columns of its rows. */
const columnTypes = [
  'text',
  'integer',
  'decimal',
  'float',
  'boolean',
  'uuid',
  'date',
  'time',
  'timestamp',
  'json',
] as const satisfies readonly ColumnType[]

/** Types of custom attributes, in Intercom's spelling. */
const attributeTypes = ['string', 'integer', 'float', 'boolean', 'date', 'datetime'] as const

const name = z.string().min(1)
const tags = z.array(name)
/** `c1: [VIP]`; `c1:` with nothing below it means no tags. */
const bare = z.null().transform((): string[] => [])
const tagsOn = z.union([tags, bare]).transform((list) => ({ tags: list }))

/** A cell or a Field value is text, exactly as in the file: 007 keeps its zeros. */
const scalar = z.union([z.string(), z.boolean().transform(String), z.null()])
const values = z.record(name, scalar)

const contact = z
  .union([
    tagsOn,
    z.strictObject({
      tags: tags.default([]),
      external_id: name.optional(),
      email: name.optional(),
      fields: values.optional(),
    }),
  ])
  .transform(
    (
      written,
    ): { tags: string[]; external_id?: string | undefined; email?: string | undefined; fields?: Values | undefined } =>
      written,
  )
const company = z
  .union([
    tagsOn,
    z.strictObject({
      tags: tags.default([]),
      id: name.optional(),
      contacts: z.int().min(0).optional(),
      fields: values.optional(),
    }),
  ])
  .transform(
    (
      written,
    ): { tags: string[]; id?: string | undefined; contacts?: number | undefined; fields?: Values | undefined } =>
      written,
  )
const conversation = z.union([tagsOn, z.strictObject({ tags: tags.default([]) })])

/**
 * The Intercom workspace at the start of a case: only what is named here exists. Companies are named by their
 * `company_id`.
 */
const before = z.strictObject({
  tags: tags.default([]),
  /** Types of custom attributes, by name. */
  attributes: z
    .strictObject({
      contact: z.record(name, z.enum(attributeTypes)).default({}),
      company: z.record(name, z.enum(attributeTypes)).default({}),
    })
    .prefault({}),
  contacts: z.record(z.string(), contact).default({}),
  companies: z.record(z.string(), company).default({}),
  conversations: z.record(z.string(), conversation).default({}),
})

/** What Intercom must hold afterwards: for each named target record, all of its tags. */
const after = z.strictObject({
  tags: tags.optional(),
  contacts: z.record(z.string(), tagsOn).optional(),
  companies: z.record(z.string(), tagsOn).optional(),
  conversations: z.record(z.string(), tagsOn).optional(),
})

/** All changes to whole records. A record that is not named must be unchanged. */
const records = z.strictObject({
  created: z.record(name, values).default({}),
  updated: z.record(name, values).default({}),
  archived: z.array(name).default([]),
  unarchived: z.array(name).default([]),
  deleted: z.array(name).default([]),
})

const sign = z.string().regex(/^[+-].* ./s, 'write an added tag as "+TAG RECORD", and a removed tag as "-TAG RECORD"')

const counts = z.strictObject(
  Object.fromEntries(Object.keys(noCounts).map((key) => [key, z.int().min(0).optional()])) as Record<
    keyof Counts,
    z.ZodOptional<z.ZodInt>
  >,
)

const expectation = z
  .strictObject({
    status: z.enum(runStatuses).optional(),
    writes: z.array(sign).optional(),
    records: records.optional(),
    after: after.optional(),
    counts: counts.optional(),
    rejected: z.record(z.string(), name).optional(),
    invalid: z.array(name).optional(),
    fault: name.optional(),
  })
  .refine((expected) => Object.keys(expected).length > 0, 'is empty; expect at least a status, or writes: []')

/** A manual edit in Intercom. */
const edit = z.union([
  sign,
  z.strictObject({ createTag: name }),
  z.strictObject({ renameTag: name, to: name }),
  z.strictObject({ deleteTag: name }),
  z.strictObject({ changeContact: name, fields: values }),
  z.strictObject({ changeCompany: name, fields: values }),
  z.strictObject({ archiveContact: name }),
  z.strictObject({ unarchiveContact: name }),
  z.strictObject({ deleteContact: name }),
  z.strictObject({ deleteCompany: name }),
])

const cell = z.union([scalar, z.array(z.string())])
const rows = z.array(z.record(z.string(), cell))

const run = {
  /** The rows that the query returns. `warehouse: run` queries the Warehouse instead. */
  rows: rows.optional(),
  warehouse: z.literal('run').optional(),
  expect: expectation,
}

interface Asked {
  readonly rows?: unknown
  readonly warehouse?: unknown
}
const notBoth = ({ rows: given, warehouse }: Asked): boolean => given === undefined || warehouse === undefined
const both = { error: 'set either rows or "warehouse: run", not both', path: ['warehouse'] }

const step = z.strictObject({ name: name.optional(), edits: z.array(edit).default([]), ...run }).refine(notBoth, both)

export const caseFile = z.strictObject({
  cases: z
    .array(
      z
        .strictObject({
          name,
          activation: name,
          before: before.prefault({}),
          ...run,
          /** Types of the query's columns. Default: text. */
          columns: z.record(name, z.enum(columnTypes)).default({}),
          // oxlint-disable-next-line unicorn/no-thenable -- a list, never a function: awaiting it does nothing
          then: z.array(step).default([]),
        })
        .refine(notBoth, both)
        .refine(
          ({ rows: given, warehouse }) => given !== undefined || warehouse !== undefined,
          'set the rows that the query returns, or "warehouse: run"',
        ),
    )
    .min(1),
})

/** Field values, as text. */
export type Values = Readonly<Record<string, string | null>>
export type ExpectedRecords = z.output<typeof records>
export type Before = z.output<typeof before>
export type Edit = z.output<typeof edit>
export type CaseExpectation = z.output<typeof expectation>
export type GivenRow = z.output<typeof rows>[number]
export type WrittenCase = z.output<typeof caseFile>['cases'][number]
