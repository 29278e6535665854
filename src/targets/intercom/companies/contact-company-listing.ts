import type { ObservedGroup, HttpReply, Identity, Io, Observed, Listing } from '../../../connect/index.ts'
import { property, text, throwIfFault } from '../answer.ts'
import { path } from '../identity.ts'
import type { Ready } from './resolve-companies.ts'
import { lookThrough, searchedPopulation, type Searched } from '../tags/search-listing.ts'
import { counted, cursorIn, oddAnswer, readReply, targetRecords } from '../replies.ts'

const request = 'GET /companies/{id}/contacts'

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
      return readReply(counted, reply, request).total_count
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
        const page = readReply(targetRecords, reply, request)
        const values = page.data.map((contact) => text(property(contact, field))).filter((value) => value !== undefined)
        if (values.length > 0) yield values
        const next = cursorIn(page)
        if (next !== undefined && next === cursor) throw oddAnswer(request, reply, 'the next page is the same page')
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
