import { indexLagMs } from '../index-lag.ts'
import { defineObject, readEach, type Identity, type Io, type Observed } from '../../../connect/index.ts'
import { companiesOfContact, contactCompanyListing } from './read-contact-companies.ts'
import { companySettings, resolveCompanies, whyMissing, type CompanySettings, type Ready } from './resolve-companies.ts'
import { contactIdentifiers, contactFinder } from '../contacts/find-contacts.ts'
import { linkCompanies } from './link-companies.ts'

/** The companies of a contact. Companies are named by your company_id, and never created. */
export const contactCompany = defineObject<CompanySettings, Ready>({
  id: 'contact_company',
  label: 'Company of contact',
  noun: { one: 'contact', many: 'contacts' },
  settings: companySettings,
  operations: ['attach', 'detach'],
  group: {
    setting: 'companies',
    noun: { one: 'company', many: 'companies' },
    matchCase: true,
    untold: true,
    missing: whyMissing,
  },
  indexLagMs,
  batch: { max: 50 },
  identifiers: contactIdentifiers,
  find: contactFinder(() => []),
  resolve: resolveCompanies,
  /** Nothing to create or to resolve again: every call uses Intercom's id, which never changes. */
  prepare: (_io, ready) =>
    Promise.resolve({
      ready,
      toCreate: [],
      notices: [],
      groups: [...ready.companyIds].map(([id, name]) => ({ id, name })),
    }),
  countCalls: (_ready, _kind, operations) => operations,
  read: (io, _ready, want) => readContactCompanies(io, want),
  listing: contactCompanyListing(readContactCompanies),
  deliver: linkCompanies,
})

function readContactCompanies(io: Io, want: readonly Identity[]): AsyncIterable<Observed> {
  return readEach(want, async (identity): Promise<Observed> => {
    const groups = await companiesOfContact(io, identity)
    return groups === null ? { identity, groups } : { identity, targetId: identity.value, groups }
  })
}
