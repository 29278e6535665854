import { z } from 'zod'

const tagName = z.string().trim().min(1)

const names = z
  .array(tagName)
  .min(1)
  .superRefine((names, context) => {
    const seen = new Set<string>()
    names.forEach((name, index) => {
      if (seen.has(sameName(name))) {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `"${name}" is listed twice: Intercom's tag names ignore case`,
        })
      }
      seen.add(sameName(name))
    })
  })

/** The setting for groups named by the rows. `owner`: "tags". */
export function columnOf(owner: string) {
  return z.strictObject({
    column: z
      .string()
      .min(1)
      .meta({ title: 'Query Field', description: `The column of the query that contains the ${owner} of each row.` }),
    delimiter: z.string().min(1).optional().meta({
      title: 'Delimiter',
      description:
        'The separator between several names in one cell, for example "a|b". Without it: one name for each row, or an array column. The rows of one identifier together name its tags. A cell that is null or empty names none: mirror then removes the tags that it manages.',
    }),
  })
}

const tags = z
  .union([names, columnOf('tags')], {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? undefined
        : 'write the names as a list, [Premium], or read them from the query: { column: <query column> }',
  })
  .meta({
    title: 'Tags',
    description: 'Names of the tags to attach or detach: a list, or the column of the query that contains them.',
  })

const shared = {
  tags,
  createTag: z.boolean().default(false).meta({
    title: 'Create the tag',
    description: 'Create the tag in the first Run that needs it, if Intercom does not have it.',
  }),
  delivery: z.enum(['batch', 'single']).default('batch').meta({
    title: 'Delivery',
    description:
      'batch: many records in one call where Intercom answers for each record; single: one record in each call.',
  }),
}

/**
 * `rowsNameThem`: the names come from a column. An unknown tag is then an error of its row, not of the settings.
 */
const withOrigin = <Chosen extends { readonly tags: unknown }>(chosen: Chosen) => ({
  ...chosen,
  rowsNameThem: !Array.isArray(chosen.tags),
})

export const settings = z.strictObject(shared).transform(withOrigin)

/** For conversations and tickets. */
export const threadSettings = z
  .strictObject({
    ...shared,
    admin: z
      .union([z.string().trim().min(1), z.int().positive().transform(String)])
      .optional()
      .meta({
        title: 'Admin',
        description:
          'Id or email of the teammate in whose name the records are tagged. Default: the owner of the token.',
      }),
  })
  .transform(withOrigin)

export type TagSettings = z.output<typeof settings> & { readonly admin?: string | undefined }

/**
 * Two tag names are the same to Intercom when they differ only in case (Intercom-OpenAPI 2.16, "Create or update a
 * tag").
 */
export function sameName(name: string): string {
  return name.trim().toLowerCase()
}
