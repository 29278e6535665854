import type { HeldMember, HttpReply, Identity, Io } from '../../connect/index.ts'
import { property, text } from './answer.ts'
import { path, unaskable } from './identity.ts'
import { doesNotExist } from './observe-tags.ts'
import { oddAnswer } from './tags.ts'

const request = 'GET /contacts/{id}/companies'

/**
 * All companies that a contact is in, by direct reads; null where there is no such contact. Intercom's schema calls the list
 * `companies`, its example and its answers `data` (Intercom-OpenAPI 2.16): both are taken. It does not say since when, or by whom.
 */
export async function companiesOfContact(io: Io, identity: Identity): Promise<readonly HeldMember[] | null> {
  if (unaskable(identity) !== undefined) return null
  const ids = new Set<string>()
  let query: Readonly<Record<string, string>> = {}
  for (;;) {
    const reply = await io.http.send({ method: 'GET', path: path('contacts', identity.value, 'companies'), query, effect: 'read', repeatable: true })
    if (doesNotExist(reply, 'contact', identity, 'read the companies of contacts')) return null
    const known = ids.size
    for (const id of companyIdsIn(reply)) ids.add(id)
    const next = nextPage(property(property(reply.body, 'pages'), 'next'))
    if (next === undefined) return wholeList(ids, reply)
    if (ids.size === known) throw oddAnswer(`${request} (a page that leads to itself)`, reply)
    query = next
  }
}

function companyIdsIn(reply: HttpReply): readonly string[] {
  const list = property(reply.body, 'data') ?? property(reply.body, 'companies')
  const ids = Array.isArray(list) ? list.map((company) => text(property(company, 'id'))) : [undefined]
  if (!ids.every((id) => id !== undefined)) throw oddAnswer(request, reply)
  return ids
}

/** A list that says it is longer than it is would make us put contacts where they are already, and leave them where they should not be. */
function wholeList(ids: ReadonlySet<string>, reply: HttpReply): readonly HeldMember[] {
  const total = property(reply.body, 'total_count')
  if (typeof total === 'number' && total > ids.size) throw oddAnswer(`${request} (${ids.size} of ${total})`, reply)
  return [...ids].map((id) => ({ id }))
}

/** `next` is an address by the schema, and a cursor in other lists; null at the end. */
function nextPage(next: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof next === 'string') {
    const query = Object.fromEntries(URL.canParse(next, 'https://api.intercom.io') ? new URL(next, 'https://api.intercom.io').searchParams : [])
    return Object.keys(query).length === 0 ? undefined : query
  }
  const after = text(property(next, 'starting_after'))
  const perPage = text(property(next, 'per_page'))
  return after === undefined ? undefined : { starting_after: after, ...(perPage === undefined ? {} : { per_page: perPage }) }
}
