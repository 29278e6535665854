import type { HeldMember, HttpReply, Identity, Io } from '../../connect/index.ts'
import { property, text } from './answer.ts'
import { path } from './identity.ts'
import { doesNotExist, heldTags } from './observe-tags.ts'
import { oddAnswer } from './tags.ts'

export interface Company {
  readonly id: string
  /** All its tags: unlike a contact, a company lists them completely, but never since when or by whom. */
  readonly tags: readonly HeldMember[]
}

/** The company as it is now, or null when there is none. Direct reads see the latest writes. */
export async function readCompany(io: Io, identity: Identity): Promise<Company | null> {
  const there = await showCompany(io, identity)
  if (there === null) return null
  const { body, reply } = there
  return { id: text(property(body, 'id')) ?? '', tags: heldTags(property(property(body, 'tags'), 'tags'), reply) }
}

/** The company with this `id`, `company_id` or `name` as Intercom shows it, with an id for certain; null when there is none. */
export async function showCompany(io: Io, identity: Identity): Promise<{ readonly body: unknown; readonly reply: HttpReply } | null> {
  const reply = identity.field === 'id'
    ? await io.http.send({ method: 'GET', path: path('companies', identity.value), effect: 'read', repeatable: true })
    : await io.http.send({ method: 'GET', path: '/companies', query: { [identity.field]: identity.value }, effect: 'read', repeatable: true })
  if (doesNotExist(reply, 'company', identity, 'read companies')) return null
  const body = theCompany(reply.body, identity)
  if (body === null) return null
  if (text(property(body, 'id')) === undefined) throw oddAnswer('a read of a company', reply)
  return { body, reply }
}

/** `?company_id=` is documented to answer with a list, and answers with one company (seen by other connectors): both are taken. */
function theCompany(body: unknown, identity: Identity): unknown {
  if (property(body, 'type') !== 'list') return body
  const data = property(body, 'data')
  const companies: readonly unknown[] = Array.isArray(data) ? data : []
  return companies.find((company) => text(property(company, identity.field)) === identity.value) ?? null
}
