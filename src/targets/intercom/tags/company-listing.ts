import { Fault, type HttpReply, type Io, type Listing } from '../../../connect/index.ts'
import { property, requestOf, text, throwIfFault, vendorError } from '../answer.ts'
import type { Ready } from './resolve-tags.ts'
import { counted, readReply, targetRecords } from '../replies.ts'
import { totalOf } from './tags.ts'

const request = 'GET /companies?tag_id='

/** The longest page that other connectors could read; Intercom documents only the default, 15. */
const perCall = 60

/**
 * Companies of a tag, by `GET /companies?tag_id=`. The list leaves out companies without contacts. Intercom's screens
 * also leave them out, so people cannot tag them, but API calls can. No stable version searches for several companies
 * by id (2.16), so there is no `of`. Intercom ends the list of all companies at 10,000 ("page limit reached, please
 * use scroll API"); we assume the same limit here.
 */
export const companyListing: Listing<Ready> = {
  perCall,
  atMost: Math.floor(10_000 / perCall) * perCall,
  leavesOut: 'companies without contacts',

  async count(io, _ready, group) {
    const reply = await list(io, group, 1, 1)
    if (reply.status === 404) return 0
    return readReply(counted, reply, request).total_count
  },

  population: companyPopulation,

  async *holders(io, _ready, group, field) {
    for (let page = 1; ; page += 1) {
      const reply = await list(io, group, page, perCall)
      if (reply.status === 404) return
      if (reply.status === 400 && /page limit/i.test(vendorError(reply).message)) throw tooMany(group, reply)
      const { data: companies, pages } = readReply(targetRecords, reply, request)
      const values = companies.map((company) => text(property(company, field))).filter((value) => value !== undefined)
      if (values.length > 0) yield values
      if ((pages?.next ?? null) === null || companies.length === 0) return
    }
  },
}

/** Does not count companies without contacts. */
export async function companyPopulation(io: Io): Promise<number> {
  const reply = await io.http.send({
    method: 'POST',
    path: '/companies/list',
    query: { per_page: '1' },
    effect: 'read',
    repeatable: true,
  })
  return totalOf(reply, 'count companies', 'POST /companies/list')
}

async function list(io: Io, tagId: string, page: number, perPage: number): Promise<HttpReply> {
  const query = { tag_id: tagId, page: String(page), per_page: String(perPage) }
  const reply = await io.http.send({ method: 'GET', path: '/companies', query, effect: 'read', repeatable: true })
  throwIfFault(reply, 'list companies')
  return reply
}

function tooMany(tagId: string, reply: HttpReply): Fault {
  const words = vendorError(reply).message
  return new Fault(
    'config',
    `Intercom lists at most 10,000 companies, and more have the tag with id ${tagId}: ${words}.`,
    {
      code: 'too-many-to-list',
      advice: 'Use ownership: respect or adopt, which need no list, or spread the companies over several tags.',
      ...requestOf(reply),
    },
  )
}
