import { indexLagMs } from '../index-lag.ts'
import { z } from 'zod'
import { defineObject, readEach, type Field, type Io, type Observed, type Resolved } from '../../../connect/index.ts'
import { companyPopulation } from '../tags/company-listing.ts'
import { createAttribute, listAttributes } from '../data-attributes.ts'
import { deliverCompanies, type CompanyReady } from './deliver-company.ts'
import { companyFinder, companyMatch, showCompany } from './read-company.ts'
import { invalidId } from '../identity.ts'

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
  noun: { one: 'company', many: 'companies' },
  settings,
  operations: ['create', 'update', 'upsert', 'delete'],
  indexLagMs,
  batch: { max: 50 },
  identifiers: [
    { field: 'company_id', label: 'Your company_id', accepts: ['text', 'integer', 'decimal', 'uuid'], found: true },
    { field: 'id', label: 'Intercom company id', accepts: ['text', 'integer', 'uuid'] },
  ],
  upsertsBy: ['company_id'],
  fields: {
    createSetting: 'createFields',
    list: listFields,
    create: (io, field) => createAttribute(io, 'company', field),
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

type Known = Partial<Field> & Pick<Field, 'name' | 'label' | 'type'>

/**
 * What `POST /companies` accepts (Intercom-OpenAPI 2.16). These types and limits are more exact than those in
 * Intercom's list.
 */
const knownFields: readonly Known[] = [
  { name: 'name', label: 'Company name', type: 'text' },
  {
    name: 'plan',
    label: 'Plan',
    type: 'text',
    remark: 'the name of the plan; Intercom creates a plan if none has this name',
  },
  { name: 'size', label: 'Size', type: 'integer' },
  { name: 'website', label: 'Website', type: 'text' },
  { name: 'industry', label: 'Industry', type: 'text' },
  {
    name: 'monthly_spend',
    label: 'Monthly spend',
    type: 'integer',
    max: 2_147_483_647,
    neverEmpty: true,
    remark: 'whole numbers: Intercom removes the fraction; without a value it is 0',
  },
  { name: 'remote_created_at', label: 'Company created at', type: 'timestamp' },
]

/** Standard timestamps: up to 2.16 Intercom's list gives them the type `date`. */
const moment = /^[a-z_]+_at$/

/** Intercom's list, with corrected types and with the fields it leaves out. */
function companyFields(listed: readonly Field[]): readonly Field[] {
  const byName = new Map(knownFields.map((field) => [field.name, field]))
  const names = new Set(listed.map(({ name }) => name))
  return [
    ...knownFields.filter(({ name }) => !names.has(name)).map((field) => ({ writable: true, ...field })),
    // Intercom lists it as `plan.name`, not writable; it is written as `plan`.
    ...listed
      .filter(({ name }) => name !== 'plan.name')
      .map((field): Field => {
        const known = byName.get(field.name)
        if (known !== undefined) return { ...field, ...known, writable: true, label: field.label }
        if (field.name === 'company_id')
          return { ...field, writable: false, remark: 'the identifier of the company: set at creation, never changed' }
        return moment.test(field.name) && field.type === 'date' ? { ...field, type: 'timestamp' } : field
      }),
  ].map((field) =>
    field.writable || field.remark !== undefined ? field : { ...field, remark: 'Intercom sets it itself' },
  )
}
