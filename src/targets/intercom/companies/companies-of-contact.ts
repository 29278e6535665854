import type { ObservedGroup, HttpReply, Identity, Io } from '../../../connect/index.ts'
import { path, invalidId } from '../identity.ts'
import { doesNotExist } from '../tags/read-tags.ts'
import { contactCompaniesReply as companies, oddAnswer, readReply, type NextPage } from '../replies.ts'

const request = 'GET /contacts/{id}/companies'

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
    const { data, pages, total_count: total } = readReply(companies, reply, request)
    for (const { id } of data) ids.add(id)
    const next = nextPage(pages?.next)
    if (next === undefined) return wholeList(ids, total ?? 0, reply)
    if (ids.size === known) throw oddAnswer(request, reply, 'the next page is the same page')
    query = next
  }
}

/** An incomplete list would make us attach companies that the contact already has, and miss companies to detach. */
function wholeList(ids: ReadonlySet<string>, total: number, reply: HttpReply): readonly ObservedGroup[] {
  if (total > ids.size) throw oddAnswer(request, reply, `it lists ${ids.size} of ${total}`)
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
