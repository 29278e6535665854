import { isEmpty, type HttpReply, type Io, type Operation, type Outcome } from '../../../connect/index.ts'
import { requestOf, succeeded, text, throwIfFault, vendorError } from '../answer.ts'
import { landed, rawValue } from '../field-values.ts'
import { path } from '../identity.ts'
import { readReply, targetRecord } from '../replies.ts'

/** The existing contact because of which Intercom rejected a write. */
export interface DuplicateContact {
  readonly id: string
  readonly archived: boolean
}

/**
 * Reads "A contact matching those details already exists with id=6064…" and "An archived contact matching …"
 * (recorded, 2021).
 */
export function duplicateIn(reply: HttpReply): DuplicateContact | undefined {
  const { message } = vendorError(reply)
  const id = /\bid=([\w-]+)/.exec(message)?.[1]
  return id === undefined ? undefined : { id, archived: /\barchived\b/i.test(message) }
}

export function archivedDuplicate(reply: HttpReply, id: string): Outcome {
  return {
    status: 'rejected',
    code: 'archived',
    httpStatus: 409,
    targetId: id,
    ...requestOf(reply),
    message: `An archived contact has the same identifiers (id ${id}). Unarchive or delete it in Intercom, or set archived: unarchive.`,
  }
}

/**
 * Checks that the existing contact is the one the Record identifies. An external_id or email that is only a value of
 * the Record, not one of its identifiers, can belong to another contact.
 */
export async function mismatch(
  io: Io,
  operation: Operation,
  id: string,
  rejectedReply: HttpReply,
): Promise<Outcome | undefined> {
  const strange = mereValue(operation)
  if (strange === undefined) return undefined
  const reply = await io.http.send({ method: 'GET', path: path('contacts', id), effect: 'read', repeatable: true })
  throwIfFault(reply, 'read contacts')
  const identities = operation.identities ?? [operation.identity]
  if (!succeeded(reply)) return taken(rejectedReply, id, strange)
  const contact = readReply(targetRecord, reply, 'GET /contacts/{id}')
  if (identities.some(({ field, value }) => landed(field, value, text(rawValue(contact, field)) ?? null)))
    return undefined
  return taken(rejectedReply, id, strange)
}

export function taken(reply: HttpReply, id: string, field: string | undefined): Outcome {
  return {
    status: 'rejected',
    code: 'conflict',
    httpStatus: 409,
    targetId: id,
    ...requestOf(reply),
    ...(field === undefined ? {} : { field }),
    message: `Another contact (id ${id}) has this ${field ?? 'external_id or email'}. Correct the row, merge the two contacts in Intercom, or add ${field ?? 'both'} to the identifiers.`,
  }
}

/** The first of external_id and email that the Record sets as a value without using it as an identifier. */
export function mereValue({ fields = {}, identities, identity }: Operation): string | undefined {
  const named = (identities ?? [identity]).map(({ field }) => field)
  return ['external_id', 'email'].find((field) => !named.includes(field) && !isEmpty(fields[field]))
}
