import { z } from 'zod'
import { defineObject, readEach, type Field, type Io, type Observed, type Resolved } from '../../../connect/index.ts'
import { companyFields } from './company-fields.ts'
import { companyPopulation } from '../tags/company-listing.ts'
import { createAttribute, listAttributes } from '../data-attributes.ts'
import { deliverCompanies, type CompanyReady } from './deliver-company.ts'
import { companyFinder, companyMatch } from './find-companies.ts'
import { invalidId } from '../identity.ts'
import { showCompany } from './read-company.ts'

const settings = z.strictObject({
  createFields: z.boolean().default(false).meta({
    title: 'Create missing fields',
    description: 'Create the custom attributes of the mapping that Intercom does not have.',
  }),
})
type Settings = z.output<typeof settings>

/** Intercom cannot archive companies, only delete them. */
export const company = defineObject<Settings, CompanyReady>({
  id: 'company',
  label: 'Company',
  settings,
  operations: ['create', 'update', 'upsert', 'delete'],
  batch: { max: 50 },
  identifiers: [
    { field: 'company_id', label: 'Your company_id', accepts: ['text', 'integer', 'decimal', 'uuid'], found: true },
    { field: 'id', label: 'Intercom company id', accepts: ['text', 'integer', 'uuid'] },
  ],
  upsertsBy: ['company_id'],
  fields: {
    createSetting: 'createFields',
    list: listFields,
    create: (io, _config, field) => createAttribute(io, 'company', field),
  },
  find: companyFinder((ready) => ready.types.values()),
  resolve: resolveCompanies,
  prepare: resolveCompanies,
  // A create first reads whether the company exists, because the call that creates would update it.
  countCalls: (_ready, kind, operations) => (kind === 'create' ? 2 * operations : operations),
  population: companyPopulation,
  read: (io, { types }, want) =>
    readEach(want, async (identity): Promise<Observed> => {
      const there = invalidId(identity) === undefined ? await showCompany(io, identity) : null
      if (there === null) return { identity, groups: null }
      const { targetId, fields, createdAt } = companyMatch(there.body, types.values())
      return { identity, targetId, groups: [], fields, ...(createdAt === undefined ? {} : { createdAt }) }
    }),
  deliver: deliverCompanies,
})

async function listFields(io: Io): Promise<readonly Field[]> {
  return companyFields(await listAttributes(io, 'company'))
}

async function resolveCompanies(io: Io): Promise<Resolved<CompanyReady>> {
  const types = new Map((await listFields(io)).map((field) => [field.name, field]))
  return { ready: { types }, groups: [], toCreate: [], notices: [] }
}
