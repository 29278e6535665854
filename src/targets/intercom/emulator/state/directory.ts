import {
  companyId,
  companyIdNumber,
  companyIntercomId,
  companyName,
  companyNameNumber,
  companyNumber,
  contactEmail,
  contactEmailNumber,
  contactId,
  contactNumber,
  externalId,
  externalIdNumber,
  leadExternalId,
  leadNumber,
  plainNumber,
  ticketId,
  ticketNumber,
} from '../ids.ts'
import type { Settings } from '../options.ts'
import type { Kind } from './memberships.ts'

/**
 * Maps numbers of seeded records, from 1, to ids and names, and back; 0 means none. They are computed where the
 * options only give a count, and looked up where the options list records.
 */
export interface Directory {
  readonly ids: Readonly<Record<Kind, Names>>
  readonly externalIds: Names<string | null>
  readonly emails: Names<string | null>
  readonly companyIds: Names
  readonly companyNames: Names
  isLead(contact: number): boolean
  /**
   * How many contacts are in this company from the start, without those in `gone`. For the current state see
   * `View.links`.
   */
  contactsIn(company: number, gone: Iterable<number>): number
  /** How many numbers are assigned: to seeded records and to those created since. */
  count(kind: Kind): number
  /** The number for a record about to be created. */
  next(kind: 'contact' | 'company'): number
  /** The company that a contact is in from the start; 0: none. */
  companyOf(contact: number): number
}

interface Names<Name extends string | null = string> {
  of(number: number): Name
  find(name: string): number
}

export function createDirectory({
  contacts,
  companies,
  conversations,
  tickets,
  leadEvery,
  listed,
}: Settings): Directory {
  const isLead = (contact: number): boolean =>
    listed.contacts === undefined && leadEvery > 0 && contact % leadEvery === 0
  const companyOf = (contact: number): number =>
    contact > contacts || companies === 0 || listed.companies !== undefined ? 0 : ((contact - 1) % companies) + 1
  const counts = { contact: contacts, company: companies, conversation: conversations, ticket: tickets }
  return {
    count: (kind) => counts[kind],
    next: (kind) => ++counts[kind],
    ids: {
      contact: names(
        listed.contacts?.map(({ id }) => id),
        () => counts.contact,
        contactId,
        contactNumber,
      ),
      company: names(
        listed.companies?.map((company) => company.id ?? `intercom-${company.company_id}`),
        () => counts.company,
        companyIntercomId,
        companyNumber,
      ),
      conversation: names(
        listed.conversations?.map(({ id }) => id),
        () => conversations,
        String,
        plainNumber,
      ),
      ticket: names(undefined, () => tickets, ticketId, ticketNumber),
    },
    externalIds: names<string | null>(
      listed.contacts?.map((contact) => contact.external_id ?? null),
      () => contacts,
      (i) => (isLead(i) ? leadExternalId(i) : externalId(i)),
      (id) => userNumber(id, isLead) || leadNumberOf(id, isLead),
    ),
    emails: names<string | null>(
      listed.contacts?.map((contact) => contact.email?.toLowerCase() ?? null),
      () => contacts,
      contactEmail,
      contactEmailNumber,
    ),
    companyIds: names(
      listed.companies?.map((company) => company.company_id),
      () => companies,
      companyId,
      companyIdNumber,
    ),
    companyNames: names(
      listed.companies?.map((company) => company.name ?? company.company_id),
      () => companies,
      companyName,
      companyNameNumber,
    ),
    isLead,
    companyOf,
    contactsIn(company, gone) {
      if (listed.companies !== undefined)
        return company > companies ? 0 : (listed.companies[company - 1]?.contacts ?? 1)
      if (company > contacts || company > companies) return 0
      let count = Math.floor((contacts - company) / companies) + 1
      for (const each of gone) if (companyOf(each) === company) count--
      return count
    },
  }
}

/** Of several records with one name, the first is found. Records created after the listed ones have computed names. */
function names<Name extends string | null = string>(
  list: readonly Name[] | undefined,
  count: () => number,
  of: (number: number) => Name,
  find: (name: string) => number,
): Names<Name> {
  const first = list?.length ?? 0
  const numbers = new Map<string | null, number>()
  for (const [at, name] of list?.entries() ?? []) if (!numbers.has(name)) numbers.set(name, at + 1)
  return {
    of: (number) => (number > first ? of(number) : list![number - 1]!),
    find(name) {
      const listed = numbers.get(name)
      if (listed !== undefined) return listed
      const number = find(name)
      return number > first && number <= count() ? number : 0
    },
  }
}

function userNumber(id: string, isLead: (contact: number) => boolean): number {
  const number = externalIdNumber(id)
  return isLead(number) ? 0 : number
}

function leadNumberOf(id: string, isLead: (contact: number) => boolean): number {
  const number = leadNumber(id)
  return isLead(number) ? number : 0
}
