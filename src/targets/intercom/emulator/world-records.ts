import type { Answer } from '../../../emulator-kit/answer.ts'
import { findVersion } from './http/version.ts'
import { companyBody, type CompanyBody } from './render/company.ts'
import { contactBody, type ContactBody } from './render/contact.ts'
import type { Session } from './session.ts'
import type { Attribute } from './state/attributes.ts'
import { recordNumber } from './state/seed.ts'
import type { Workspace } from './state/workspace.ts'
import type { AttributeModel } from './options.ts'
import { createContact, updateContact } from './write/write-contact.ts'
import { updateCompany, upsertCompany } from './write/write-company.ts'

/** A contact by Intercom id, by number from 1, by external id or by email; several contacts may share an email. */
export type ContactName = string | number | { readonly external_id: string } | { readonly email: string }

/** As `GET /contacts/{id}` at 2.16 shows it, even when the contact no longer exists. */
export type ContactSeen = ContactBody & { readonly state: 'live' | 'archived' | 'deleted' | 'merged' }
/** As `GET /companies/{id}` shows it. */
export type CompanySeen = CompanyBody & { readonly state: 'live' | 'deleted' }

/** Reads and writes whole contacts and companies by hand, in the current state, not in the index. */
export interface WorldRecords {
  /** Undefined when it never existed. Of several, an existing one comes first, then the newest. */
  contact(by: ContactName): ContactSeen | undefined
  /** All contacts with this name, including those that are gone, oldest first. */
  contacts(by: ContactName): ContactSeen[]
  /** By Intercom id, `company_id`, or number from 1. Of several that had a `company_id`, the newest. */
  company(by: string | number): CompanySeen | undefined
  /** Created since the start, oldest first, including those that are gone. */
  createdContacts(): ContactSeen[]
  createdCompanies(): CompanySeen[]
  /**
   * Fields as in `POST` and `PUT` of the API at 2.16. They throw what the API would reject, and return the Intercom
   * id.
   */
  createContact(fields: object): string
  changeContact(contact: string | number, fields: object): void
  createCompany(fields: object): string
  changeCompany(company: string | number, fields: object): void
  /** Custom attributes, including archived ones. */
  attributes(model: AttributeModel): readonly Attribute[]
  /** Marks the attribute as used by something else, so that it cannot be archived. */
  holdAttribute(model: AttributeModel, name: string): void
}

const version = findVersion('2.16')!

export function createWorldRecords(session: Session): WorldRecords {
  const contacts = (by: ContactName): ContactSeen[] =>
    contactNumbers(session.workspace, by).map((each) => contactSeen(session.workspace, each))
  return {
    contacts,
    contact(by) {
      const all = contacts(by)
      return all.find(({ state }) => state === 'live') ?? all.at(-1)
    },
    company(by) {
      const { workspace } = session
      const { ids } = workspace.directory
      const number =
        typeof by === 'number'
          ? ids.company.find(ids.company.of(by))
          : ids.company.find(by) || workspace.live.companies.find('companyId', by).at(-1)
      return number === undefined || number === 0 ? undefined : companySeen(workspace, number)
    },
    createdContacts: () =>
      createdSince(session.workspace, 'contact').map((each) => contactSeen(session.workspace, each)),
    createdCompanies: () =>
      createdSince(session.workspace, 'company').map((each) => companySeen(session.workspace, each)),
    createContact(fields) {
      const { workspace } = session
      const made = createContact(workspace, fields, version)
      return workspace.directory.ids.contact.of(typeof made === 'number' ? made : fail(made))
    },
    changeContact(contact, fields) {
      const rejected = updateContact(
        session.workspace,
        recordNumber(session.workspace, 'contact', contact),
        fields,
        version,
      )
      if (rejected !== null) fail(rejected)
    },
    createCompany(fields) {
      const { workspace } = session
      const made = upsertCompany(workspace, fields, version)
      return workspace.directory.ids.company.of(typeof made === 'number' ? made : fail(made))
    },
    changeCompany(company, fields) {
      const rejected = updateCompany(session.workspace, recordNumber(session.workspace, 'company', company), fields)
      if (rejected !== null) fail(rejected)
    },
    attributes: (model) => session.workspace.attributes.list(model),
    holdAttribute(model, name) {
      const { attributes } = session.workspace
      const held = attributes.byName(model, name)
      if (held === undefined) throw new Error(`the emulator has no custom attribute "${name}" of a ${model}`)
      attributes.dependants.add(held.id)
    },
  }
}

function contactNumbers({ directory, live }: Workspace, by: ContactName): readonly number[] {
  if (typeof by === 'object') {
    return 'email' in by
      ? live.contacts.find('email', by.email.toLowerCase())
      : live.contacts.find('externalId', by.external_id)
  }
  const { find, of } = directory.ids.contact
  const number = find(typeof by === 'number' ? of(by) : by)
  return number === 0 ? [] : [number]
}

function contactSeen(workspace: Workspace, contact: number): ContactSeen {
  return {
    ...contactBody(workspace, workspace.live, contact, version),
    state: workspace.departure(contact)?.is ?? 'live',
  }
}

function companySeen(workspace: Workspace, company: number): CompanySeen {
  return {
    ...companyBody(workspace, workspace.live, company),
    state: workspace.live.deletedCompanies.has(company) ? 'deleted' : 'live',
  }
}

function createdSince({ settings, count }: Workspace, kind: 'contact' | 'company'): number[] {
  const first = kind === 'contact' ? settings.contacts : settings.companies
  return Array.from({ length: count(kind) - first }, (_, at) => first + at + 1)
}

function fail({ error }: Answer): never {
  throw new Error(error === undefined ? 'the emulator rejects this' : `${error.code}: ${error.message}`)
}
