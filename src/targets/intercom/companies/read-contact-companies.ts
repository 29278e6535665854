import type { ObservedGroup, HttpReply, Identity, Io, Observed, Listing } from '../../../connect/index.ts'
import { path, invalidId } from '../identity.ts'
import { doesNotExist } from '../tags/read-tags.ts'
import {
  contactCompaniesReply,
  oddAnswer,
  readReply,
  counted,
  cursorIn,
  targetRecords,
  type NextPage,
} from '../replies.ts'
import { property, text, throwIfFault } from '../answer.ts'
import type { Ready } from './resolve-companies.ts'
import { lookThrough, searchedPopulation, type Searched } from '../tags/search-listing.ts'

const companiesRequest = 'GET /contacts/{id}/companies'

/**
 * All companies of a contact, by direct reads; null where the contact does not exist. Intercom's schema calls the
 * list `companies`, its example and its answers `data` (Intercom-OpenAPI 2.16): both are accepted. The list has no
 * time and no author.
 */
export async function companiesOfContact(io: Io, identity: Identity): Promise<readonly ObservedGroup[] | null> {
  if (invalidId(identity) !== undefined) return null
  const ids = new Set<string>()
  let query: Readonly<Record<string, string>> = {}
  for (;;) {
    const reply = await io.http.send({
      method: 'GET',
      path: path('contacts', identity.value, 'companies'),
      query,
      effect: 'read',
      repeatable: true,
    })
    if (doesNotExist(reply, 'contact', identity, 'read the companies of contacts')) return null
    const known = ids.size
    const { data, pages, total_count: total } = readReply(contactCompaniesReply, reply, companiesRequest)
    for (const { id } of data) ids.add(id)
    const next = nextPage(pages?.next)
    if (next === undefined) return wholeList(ids, total ?? 0, reply)
    if (ids.size === known) throw oddAnswer(companiesRequest, reply, 'the next page is the same page')
    query = next
  }
}

/** An incomplete list would make us attach companies that the contact already has, and miss companies to detach. */
function wholeList(ids: ReadonlySet<string>, total: number, reply: HttpReply): readonly ObservedGroup[] {
  if (total > ids.size) throw oddAnswer(companiesRequest, reply, `it lists ${ids.size} of ${total}`)
  return [...ids].map((id) => ({ id }))
}

/** `next` is a URL by the schema and a cursor in other lists; null on the last page. */
function nextPage(next: NextPage): Readonly<Record<string, string>> | undefined {
  if (typeof next === 'string') {
    const query = Object.fromEntries(
      URL.canParse(next, 'https://api.intercom.io') ? new URL(next, 'https://api.intercom.io').searchParams : [],
    )
    return Object.keys(query).length === 0 ? undefined : query
  }
  const { starting_after: after, per_page: perPage } = next ?? {}
  return typeof after === 'string'
    ? { starting_after: after, ...(typeof perPage === 'string' ? { per_page: perPage } : {}) }
    : undefined
}

const contactsRequest = 'GET /companies/{id}/contacts'

/** The page size in Intercom's own example; no larger one is documented. */
const perPage = 50

/** Lists the contacts of a company by the company's own list, and the companies of contacts by the contact search. */
export function contactCompanyListing(
  read: (io: Io, want: readonly Identity[]) => AsyncIterable<Observed>,
): Listing<Ready> {
  const contacts: Searched = {
    noun: 'contact',
    path: '/contacts/search',
    perCall: 150,
    groupsOf: companiesInside,
    read,
  }
  return {
    perCall: perPage,

    async count(io, _ready, group) {
      const reply = await list(io, group, { per_page: '1' })
      if (reply.status === 404) return 0
      return readReply(counted, reply, contactsRequest).total_count
    },

    population: (io) => searchedPopulation(io, contacts),

    async *holders(io, _ready, group, field) {
      let cursor: string | undefined
      do {
        const reply = await list(io, group, {
          per_page: String(perPage),
          ...(cursor === undefined ? {} : { starting_after: cursor }),
        })
        if (reply.status === 404) return
        const page = readReply(targetRecords, reply, contactsRequest)
        const values = page.data.map((contact) => text(property(contact, field))).filter((value) => value !== undefined)
        if (values.length > 0) yield values
        const next = cursorIn(page)
        if (next !== undefined && next === cursor)
          throw oddAnswer(contactsRequest, reply, 'the next page is the same page')
        cursor = next
      } while (cursor !== undefined)
    },

    of: (io, _ready, want) => lookThrough(io, contacts, want),
  }
}

/** A contact in a search shows at most ten companies (Intercom-OpenAPI 2.16). Undefined: the list is cut. */
function companiesInside(contact: unknown): readonly ObservedGroup[] | undefined {
  const companies = property(contact, 'companies')
  const data = property(companies, 'data')
  const total = property(companies, 'total_count')
  if (
    !Array.isArray(data) ||
    property(companies, 'has_more') === true ||
    (typeof total === 'number' && total > data.length)
  )
    return undefined
  return data
    .map((company) => text(property(company, 'id')))
    .filter((id) => id !== undefined)
    .map((id) => ({ id }))
}

async function list(io: Io, companyId: string, query: Readonly<Record<string, string>>): Promise<HttpReply> {
  const reply = await io.http.send({
    method: 'GET',
    path: path('companies', companyId, 'contacts'),
    query,
    effect: 'read',
    repeatable: true,
  })
  throwIfFault(reply, 'list the contacts of companies')
  return reply
}
