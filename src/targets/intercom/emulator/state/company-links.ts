import type { Settings } from '../options.ts'
import type { Directory } from './directory.ts'

/** Which contacts are in which companies, both as numbers. Stores only the differences from the seed. */
export interface CompanyLinks {
  /** False when the contact is in the company already. */
  join(contact: number, company: number): boolean
  /** False when the contact is not in the company. */
  leave(contact: number, company: number): boolean
  /** In the order in which the contact joined. */
  companiesOf(contact: number): readonly number[]
  /**
   * The existing contacts, ascending. A listed company has additional contacts without ids: as many as the options
   * say.
   */
  contactsOf(company: number): readonly number[]
  /** Number of contacts in it, including those without ids. */
  count(company: number): number
  /** For a contact that is deleted or merged. */
  dropContact(contact: number): void
  dropCompany(company: number): void
}

/** The links that exist from the start. */
export interface SeededLinks extends Pick<Directory, 'companyOf' | 'contactsIn'> {
  contactsOf(company: number): Iterable<number>
}

export function seededLinks({ companyOf, contactsIn }: Directory, { contacts, companies }: Settings): SeededLinks {
  return {
    companyOf,
    contactsIn,
    *contactsOf(company) {
      if (company > companies) return
      for (let contact = company; contact <= contacts; contact += companies)
        if (companyOf(contact) === company) yield contact
    },
  }
}

/**
 * `gone`: contacts that are archived, deleted or merged. Archived ones keep their links, but no company lists them
 * until they are unarchived.
 */
export function createCompanyLinks(seeded: SeededLinks, gone: ReadonlyMap<number, unknown>): CompanyLinks {
  const joined = new Map<number, number[]>()
  const members = new Map<number, Set<number>>()
  const left = new Map<number, Set<number>>()
  const dropped = new Set<number>()

  const seededCompany = (contact: number): number => {
    const company = seeded.companyOf(contact)
    return company === 0 || dropped.has(company) || left.get(company)?.has(contact) ? 0 : company
  }
  const companiesOf = (contact: number): readonly number[] => {
    const first = seededCompany(contact)
    const since = joined.get(contact) ?? []
    return first === 0 ? since : [first, ...since]
  }
  const leave = (contact: number, company: number): boolean => {
    if (members.get(company)?.delete(contact)) {
      joined.set(
        contact,
        joined.get(contact)!.filter((each) => each !== company),
      )
      return true
    }
    if (seededCompany(contact) !== company) return false
    numbersAt(left, company).add(contact)
    return true
  }
  const present = (contacts: Iterable<number>): number[] => [...contacts].filter((contact) => !gone.has(contact))

  return {
    companiesOf,
    leave,
    join(contact, company) {
      if (companiesOf(contact).includes(company)) return false
      const since = joined.get(contact)
      if (since === undefined) joined.set(contact, [company])
      else since.push(company)
      numbersAt(members, company).add(contact)
      return true
    },
    contactsOf(company) {
      if (dropped.has(company)) return []
      const stayed = present(seeded.contactsOf(company)).filter((contact) => !left.get(company)?.has(contact))
      return [...stayed, ...present(members.get(company) ?? [])].sort((a, b) => a - b)
    },
    count(company) {
      if (dropped.has(company)) return 0
      return (
        seeded.contactsIn(company, gone.keys()) -
        present(left.get(company) ?? []).length +
        present(members.get(company) ?? []).length
      )
    },
    dropContact(contact) {
      for (const company of [...companiesOf(contact)]) leave(contact, company)
    },
    dropCompany(company) {
      for (const contact of [...(members.get(company) ?? [])]) leave(contact, company)
      dropped.add(company)
    },
  }
}

function numbersAt(sets: Map<number, Set<number>>, at: number): Set<number> {
  const known = sets.get(at)
  if (known !== undefined) return known
  const made = new Set<number>()
  sets.set(at, made)
  return made
}
