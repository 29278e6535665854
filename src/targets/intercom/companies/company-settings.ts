import { z } from 'zod'
import { columnOf } from '../settings.ts'

const companyIds = z
  .array(z.string().trim().min(1))
  .min(1)
  .superRefine((ids, context) => {
    ids.forEach((id, index) => {
      if (ids.indexOf(id) < index)
        context.addIssue({ code: 'custom', path: [index], message: `"${id}" is listed twice` })
    })
  })

const companies = z
  .union([companyIds, columnOf('companies')], {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? undefined
        : 'write the company_ids as a list, ["acme"], or read them from the query: { column: <query column> }',
  })
  .meta({
    title: 'Companies',
    description:
      'The company_ids of the companies to add contacts to or remove contacts from: a list, or the column of the query that contains them. Case-sensitive.',
  })

/**
 * `rowsNameThem`: the names come from a column. An unknown company is then an error of its row, not of the settings.
 */
export const companySettings = z
  .strictObject({ companies })
  .transform((chosen) => ({ ...chosen, rowsNameThem: !Array.isArray(chosen.companies) }))

export type CompanySettings = z.output<typeof companySettings>
