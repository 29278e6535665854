import {
  readEach,
  type Field,
  type Finder,
  type Found,
  type Io,
  type Match,
  type Identifier,
} from '../../../connect/index.ts'
import { property, requestOf, text, throwIfFault, vendorError } from '../answer.ts'
import { fromWire, valuesOf } from '../field-values.ts'
import { invalidId } from '../identity.ts'
import { groupsOf, looksLikeId } from '../tags/search-listing.ts'
import { cursorIn, oddAnswer, readReply, targetRecords } from '../replies.ts'

/**
 * Identifiers of contacts. Calls accept only Intercom's id, so the search first finds the contact for any other
 * identifier.
 */
export const contactIdentifiers: readonly Identifier[] = [
  { field: 'id', label: 'Intercom contact id', accepts: ['text', 'integer', 'uuid'] },
  { field: 'external_id', label: 'Your external_id', accepts: ['text', 'integer', 'decimal', 'uuid'], found: true },
  { field: 'email', label: 'Email', accepts: ['text'], fold: true, manyMatch: true, found: true },
]

const request = 'POST /contacts/search'

/** The longest page of a search (Intercom-OpenAPI 2.16), and the number of values in one IN. */
const perCall = 150

/** Batches in flight at once: enough to keep all requests busy, few enough to use little memory. */
const groupsAtOnce = 50

const identifiers = ['id', 'external_id', 'email'] as const

/**
 * Finds contacts by `id`, `external_id` or `email` through the search. Emails are compared in lower case, and several
 * contacts may have the same one. External ids are compared exactly, even if the index does not. If the search
 * rejects a value, only that value counts as not found.
 */
export function contactFinder<Ready>(fieldsOf: (ready: Ready) => Iterable<Field>): Finder<Ready> {
  return {
    perCall: () => perCall,
    async *find(io, ready, field, values) {
      const fields = [...fieldsOf(ready)]
      const asked = values.filter((value) =>
        field === 'id' ? looksLikeId.test(value) : invalidId({ field, value }) === undefined,
      )
      for await (const found of readEach(
        groupsOf(asked, perCall),
        (group) => lookUp(io, fields, field, group),
        groupsAtOnce,
      ))
        yield* found
    },
  }
}

/** Halves a rejected batch until each rejected value is alone in its search. */
async function lookUp(
  io: Io,
  fields: readonly Field[],
  field: string,
  group: readonly string[],
): Promise<readonly Found[]> {
  const contacts = await search(io, field, group)
  if (contacts !== undefined) return matched(contacts, fields, field, group)
  if (group.length === 1) return []
  const half = Math.ceil(group.length / 2)
  const halves = await Promise.all(
    [group.slice(0, half), group.slice(half)].map((part) => lookUp(io, fields, field, part)),
  )
  return halves.flat()
}

/** All contacts that have one of these values, over all pages; undefined where the search rejects the values. */
async function search(io: Io, field: string, values: readonly string[]): Promise<readonly unknown[] | undefined> {
  const query = { field, operator: 'IN', value: values }
  const contacts: unknown[] = []
  let after: string | undefined
  do {
    const pagination = { per_page: perCall, ...(after === undefined ? {} : { starting_after: after }) }
    const reply = await io.http.send({
      method: 'POST',
      path: '/contacts/search',
      body: { query, pagination },
      effect: 'read',
      repeatable: true,
    })
    throwIfFault(reply, 'search contacts')
    if (reply.status === 404) return contacts
    if (reply.status === 400 || reply.status === 422 || reply.status === 413) {
      if (values.length === 1)
        io.log.warn('Intercom rejected the search for a contact', { field, ...vendorError(reply), ...requestOf(reply) })
      return undefined
    }
    const page = readReply(targetRecords, reply, request)
    contacts.push(...page.data)
    const next = cursorIn(page)
    if (next !== undefined && next === after) throw oddAnswer(request, reply, 'the next page is the same page')
    after = next
  } while (after !== undefined)
  return contacts
}

function matched(
  contacts: readonly unknown[],
  fields: readonly Field[],
  field: string,
  group: readonly string[],
): readonly Found[] {
  const matches = new Map<string, Match[]>(group.map((value) => [folded(field, value), []]))
  const seen = new Set<string>()
  for (const contact of contacts) {
    const match = contactMatch(contact, fields)
    if (match === undefined || seen.has(match.targetId)) continue
    seen.add(match.targetId)
    matches.get(folded(field, text(property(contact, field)) ?? ''))?.push(match)
  }
  return group
    .map((value) => ({ value, matches: matches.get(folded(field, value)) ?? [] }))
    .filter((found) => found.matches.length > 0)
}

function folded(field: string, value: string): string {
  return field === 'email' ? value.trim().toLowerCase() : value
}

export function contactMatch(contact: unknown, fields: Iterable<Field>): Match | undefined {
  const targetId = text(property(contact, 'id'))
  if (targetId === undefined) return undefined
  const createdAt = property(contact, 'created_at')
  return {
    targetId,
    label: labelOf(contact),
    fields: valuesOf(contact, fields, identifiers),
    ...(typeof createdAt === 'number' ? { createdAt } : {}),
  }
}

/** "Jane Doe <jane@acme.com>, user, since 2024-05-01". */
function labelOf(contact: unknown): string {
  const [name, email, externalId] = ['name', 'email', 'external_id'].map(
    (field) => text(property(contact, field)) ?? '',
  )
  const called = [name, email === '' ? '' : `<${email}>`].filter((part) => part !== '').join(' ')
  return `${called || externalId || 'without a name'}, ${text(property(contact, 'role')) ?? 'contact'}${sinceOf(contact)}`
}

export function sinceOf(targetRecord: unknown): string {
  const created = fromWire('date', property(targetRecord, 'created_at'))
  return created === null ? '' : `, since ${String(created)}`
}
