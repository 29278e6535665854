import { createBook, type Book, type Seeded } from './book.ts'
import { createCompanyLinks, type CompanyLinks, type SeededLinks } from './company-links.ts'
import type { CompanyName, CompanyRecord, ContactName, ContactRecord } from './records.ts'
import { kinds, createMemberships, type Kind, type Memberships } from './memberships.ts'

/**
 * Why a contact no longer exists. Deleted ones block new ones with their identifiers for a while, counted from `at`
 * (unix seconds).
 */
export type Departure =
  | { readonly is: 'archived' }
  | { readonly is: 'deleted'; readonly at: number }
  | { readonly is: 'merged'; readonly into: number }

interface Link {
  readonly kind: Kind
  readonly targetRecord: number
  readonly tag: number
}

/** One change of the workspace. The current state has it at once, the index after its lag. */
export type Change =
  | ({ readonly do: 'attach'; readonly at: number; readonly adminId: string } & Link)
  | ({ readonly do: 'detach' } & Link)
  | { readonly do: 'drop-tag'; readonly tag: number }
  | { readonly do: 'write-contact'; readonly targetRecord: number; readonly record: ContactRecord }
  | { readonly do: 'write-company'; readonly targetRecord: number; readonly record: CompanyRecord }
  | { readonly do: 'contact'; readonly targetRecord: number; readonly departure: Departure | null }
  | { readonly do: 'delete-company'; readonly targetRecord: number }
  | { readonly do: 'join' | 'leave'; readonly contact: number; readonly company: number }

/** One state of the workspace, current or indexed. Stores only the differences from the seed. */
export interface View {
  readonly memberships: Readonly<Record<Kind, Memberships>>
  readonly contacts: Book<ContactRecord, ContactName>
  readonly companies: Book<CompanyRecord, CompanyName>
  readonly departures: ReadonlyMap<number, Departure>
  readonly deletedCompanies: ReadonlySet<number>
  readonly links: CompanyLinks
  /** Changes with every change, so that a result computed from a View can be cached. */
  readonly revision: number
  /** Returns whether anything changed: attaching again, or detaching an absent tag, changes nothing. */
  apply(change: Change): boolean
}

/** What a workspace starts with. */
export interface Seeds {
  readonly contacts: Seeded<ContactRecord, ContactName>
  readonly companies: Seeded<CompanyRecord, CompanyName>
  readonly links: SeededLinks
  /** See `createMemberships`. */
  readonly ageSeconds: () => number
}

export function createView(seeds: Seeds): View {
  const memberships = {
    contact: createMemberships(seeds.ageSeconds),
    company: createMemberships(seeds.ageSeconds),
    conversation: createMemberships(seeds.ageSeconds),
    ticket: createMemberships(seeds.ageSeconds),
  }
  const contacts = createBook(seeds.contacts)
  const companies = createBook(seeds.companies)
  const departures = new Map<number, Departure>()
  const deletedCompanies = new Set<number>()
  const links = createCompanyLinks(seeds.links, departures)
  let revision = 0
  return {
    memberships,
    contacts,
    companies,
    departures,
    deletedCompanies,
    links,
    get revision() {
      return revision
    },
    apply(change) {
      revision++
      switch (change.do) {
        case 'attach':
          return memberships[change.kind].add(change.targetRecord, change.tag, change.at, change.adminId)
        case 'detach':
          return memberships[change.kind].remove(change.targetRecord, change.tag)
        case 'drop-tag':
          for (const kind of kinds) memberships[kind].dropTag(change.tag)
          return true
        case 'write-contact':
          contacts.put(change.targetRecord, change.record)
          return true
        case 'write-company':
          companies.put(change.targetRecord, change.record)
          return true
        case 'contact':
          if (change.departure === null) return departures.delete(change.targetRecord)
          departures.set(change.targetRecord, change.departure)
          // An archived contact keeps its tags and companies, because it can be unarchived.
          if (change.departure.is !== 'archived') {
            memberships.contact.dropTargetRecord(change.targetRecord)
            links.dropContact(change.targetRecord)
          }
          return true
        case 'delete-company':
          deletedCompanies.add(change.targetRecord)
          memberships.company.dropTargetRecord(change.targetRecord)
          links.dropCompany(change.targetRecord)
          return true
        case 'join':
          return links.join(change.contact, change.company)
        case 'leave':
          return links.leave(change.contact, change.company)
      }
    },
  }
}
