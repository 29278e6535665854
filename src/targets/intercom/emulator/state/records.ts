import { admins } from './admins.ts'
import type { Directory } from './directory.ts'
import type { Seeded } from './book.ts'

export type Custom = Readonly<Record<string, unknown>>

/** What Intercom stores of a contact. Times are unix seconds; `null`: not set. */
export interface ContactRecord {
  readonly externalId: string | null
  readonly role: 'user' | 'lead'
  /** In lower case. An empty string after a user's email was cleared. */
  readonly email: string | null
  readonly phone: string | null
  readonly name: string | null
  readonly ownerId: number | null
  readonly avatar: string | null
  readonly unsubscribed: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly signedUpAt: number | null
  readonly lastSeenAt: number | null
  /** By name. A cleared value stays as `null`. */
  readonly custom: Custom
}

export type ContactName = 'externalId' | 'email'

const firstContactCreatedAt = 1_690_000_000
const noCustom = {}

/** The seeded contacts: created one per second, in the order of their numbers; the first admin owns every tenth. */
export function seededContacts(directory: Directory, count: number): Seeded<ContactRecord, ContactName> {
  const { externalIds, emails, isLead } = directory
  const createdAt = (i: number): number => firstContactCreatedAt + i
  const unset = (): null => null
  return {
    count,
    fields: {
      externalId: externalIds.of,
      role: (i) => (isLead(i) ? 'lead' : 'user'),
      email: emails.of,
      phone: unset,
      name: (i) => `User ${i}`,
      ownerId: (i) => (i % 10 === 0 ? Number(admins[0]!.id) : null),
      avatar: unset,
      unsubscribed: () => false,
      createdAt,
      updatedAt: createdAt,
      signedUpAt: createdAt,
      lastSeenAt: unset,
      custom: () => noCustom,
    },
    names: { externalId: externalIds.find, email: emails.find },
  }
}

/** What Intercom stores of a company. Times are unix seconds; `null`: not set. */
export interface CompanyRecord {
  /** The customer's own id, which never changes. */
  readonly companyId: string
  readonly name: string | null
  readonly plan: { readonly id: string; readonly name: string } | null
  readonly size: number | null
  readonly website: string | null
  readonly industry: string | null
  readonly monthlySpend: number
  readonly remoteCreatedAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastRequestAt: number | null
  /** By name. A cleared value stays as `null`. */
  readonly custom: Custom
}

export type CompanyName = 'companyId' | 'name'

const firstCompanyCreatedAt = 1_680_000_000

/** The seeded companies: created one per second, in the order of their numbers. */
export function seededCompanies(directory: Directory, count: number): Seeded<CompanyRecord, CompanyName> {
  const { companyIds, companyNames } = directory
  const createdAt = (i: number): number => firstCompanyCreatedAt + i
  const unset = (): null => null
  return {
    count,
    fields: {
      companyId: companyIds.of,
      name: companyNames.of,
      plan: unset,
      size: unset,
      website: unset,
      industry: unset,
      monthlySpend: () => 0,
      remoteCreatedAt: createdAt,
      createdAt,
      updatedAt: createdAt,
      lastRequestAt: createdAt,
      custom: () => noCustom,
    },
    names: { companyId: companyIds.find, name: companyNames.find },
  }
}
