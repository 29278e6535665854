import type { z } from 'zod'
import {
  readEach,
  type ObservedGroup,
  type HttpReply,
  type Identity,
  type Io,
  type Field,
  type Finder,
  type Found,
  type Match,
} from '../../../connect/index.ts'
import { property, text } from '../answer.ts'
import { path, invalidId } from '../identity.ts'
import { doesNotExist, observedTags } from '../tags/read-tags.ts'
import { companyOrList, oddAnswer, readReply, type targetRecord } from '../replies.ts'
import { valuesOf } from '../field-values.ts'
import { sinceOf } from '../contacts/find-contacts.ts'

export interface Company {
  readonly id: string
  /** Your own id of the company; undefined where it has none. */
  readonly companyId: string | undefined
  /** All its tags. Unlike a contact, a company lists them completely, but without time and author. */
  readonly tags: readonly ObservedGroup[]
}

/** The company as it is now, or null when there is none. Direct reads see the latest writes. */
export async function readCompany(io: Io, identity: Identity): Promise<Company | null> {
  const there = await showCompany(io, identity)
  if (there === null) return null
  const { body, reply } = there
  return {
    id: body.id,
    companyId: text(property(body, 'company_id')),
    tags: observedTags(property(property(body, 'tags'), 'tags'), reply, requestFor(identity)),
  }
}

/**
 * The company with this `id`, `company_id` or `name` as Intercom shows it, always with an id; null when there is
 * none.
 */
export async function showCompany(
  io: Io,
  identity: Identity,
): Promise<{ readonly body: z.output<typeof targetRecord>; readonly reply: HttpReply } | null> {
  const reply =
    identity.field === 'id'
      ? await io.http.send({ method: 'GET', path: path('companies', identity.value), effect: 'read', repeatable: true })
      : await io.http.send({
          method: 'GET',
          path: '/companies',
          query: { [identity.field]: identity.value },
          effect: 'read',
          repeatable: true,
        })
  if (doesNotExist(reply, 'company', identity, 'read companies')) return null
  const body = theCompany(readReply(companyOrList, reply, requestFor(identity)), identity)
  if (body === null) return null
  if (text(property(body, identity.field)) !== identity.value && identity.field === 'id')
    throw oddAnswer(requestFor(identity), reply, `it shows another company (id ${body.id})`)
  return { body, reply }
}

/**
 * `?company_id=` is documented to answer with a list, but answers with one company (seen by other connectors): accept
 * both.
 */
function theCompany(body: z.output<typeof companyOrList>, identity: Identity): z.output<typeof targetRecord> | null {
  if (!('data' in body) || !Array.isArray(body.data)) return body as z.output<typeof targetRecord>
  return body.data.find((company) => text(property(company, identity.field)) === identity.value) ?? null
}

function requestFor({ field }: Identity): string {
  return field === 'id' ? 'GET /companies/{id}' : `GET /companies?${field}=`
}

const identifiers = ['id', 'company_id'] as const

/**
 * Companies by `company_id` or `id`, one per call: no stable version searches for several (2.16). The reads are
 * direct.
 */
export function companyFinder<Ready>(fieldsOf: (ready: Ready) => Iterable<Field>): Finder<Ready> {
  return {
    perCall: () => 1,
    async *find(io, ready, field, values) {
      const fields = [...fieldsOf(ready)]
      const asked = values.filter((value) => invalidId({ field, value }) === undefined)
      const reading = readEach(asked, async (value): Promise<Found> => {
        const there = await showCompany(io, { field, value })
        // Compare company_id exactly, even if Intercom does not.
        const is = there !== null && text(property(there.body, field)) === value
        return { value, matches: is ? [companyMatch(there.body, fields)] : [] }
      })
      for await (const found of reading) if (found.matches.length > 0) yield found
    },
  }
}

export function companyMatch(company: unknown, fields: Iterable<Field>): Match {
  const createdAt = property(company, 'created_at')
  const name = text(property(company, 'name')) ?? 'without a name'
  const companyId = text(property(company, 'company_id'))
  return {
    targetId: text(property(company, 'id')) ?? '',
    label: `${name}${companyId === undefined ? '' : ` (company_id ${companyId})`}${sinceOf(company)}`,
    fields: valuesOf(company, fields, identifiers),
    ...(typeof createdAt === 'number' ? { createdAt } : {}),
  }
}
