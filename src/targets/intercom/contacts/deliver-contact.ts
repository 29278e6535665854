import {
  afterPartOfIt,
  forEachOperation,
  isEmpty,
  type Effect,
  type Fields,
  type HttpReply,
  type HttpRequest,
  type Io,
  type Operation,
  type Outcome,
  type Outcomes,
} from '../../../connect/index.ts'
import { property, rejection, requestOf, shown, succeeded, throwIfFault, vendorError } from '../answer.ts'
import { archivedDuplicate, mereValue, mismatch, taken, duplicateIn } from './duplicate-contact.ts'
import { deliverValidIds, path } from '../identity.ts'
import { fromWire, rawValue, bodyOf, type FieldTypes } from '../field-values.ts'
import { cannot, settled, uncleared, valuesRejected } from '../record-answer.ts'
import { oddOutcome, readReply, targetRecord } from '../replies.ts'

export interface ContactReady {
  readonly types: FieldTypes
  /** What to do when an archived contact has the identifiers of a new one. */
  readonly archived: 'refuse' | 'unarchive'
}

export function deliverContacts(io: Io, ready: ContactReady, operations: readonly Operation[]): Promise<Outcomes> {
  return deliverValidIds(operations, (valid) =>
    forEachOperation(valid, (operation) => deliverContact(io, ready, operation)),
  )
}

async function deliverContact(io: Io, ready: ContactReady, operation: Operation): Promise<Outcome> {
  const {
    kind,
    identity: { value: id },
    fields = {},
  } = operation
  switch (kind) {
    case 'create':
    case 'upsert':
      return createContact(io, ready, operation)
    case 'update':
      return uncleared(fields, ready.types) ?? updateContact(io, ready, operation, id, fields)
    case 'delete':
      return deleteContact(io, operation)
    case 'restore':
      return restoreContact(io, operation)
    default:
      return archiveContact(io, operation)
  }
}

/**
 * `POST /contacts`. Not repeated when its answer is lost: a contact found then may be new or may have existed before,
 * and a lead would be created twice.
 */
async function createContact(io: Io, ready: ContactReady, operation: Operation): Promise<Outcome> {
  const wanted = wantedOf(operation)
  const impossible = cannotCreate(operation, wanted)
  if (impossible !== undefined) return impossible
  const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => !isEmpty(value)))
  const reply = await write(
    io,
    { method: 'POST', path: '/contacts', body: bodyOf(set, ready.types), repeatable: false },
    'create',
  )
  if (succeeded(reply)) return settled(reply, 'POST /contacts', 'contact', set, ready.types, 'created')
  const duplicate = reply.status === 409 ? duplicateIn(reply) : undefined
  if (duplicate === undefined) return valuesRejected(reply, 'contact', operation)
  if (duplicate.archived && ready.archived === 'refuse') return archivedDuplicate(reply, duplicate.id)
  if (duplicate.archived) return unarchive(io, ready, operation, duplicate.id, reply)
  if (operation.kind === 'create') {
    return {
      status: 'rejected',
      code: 'already-exists',
      httpStatus: 409,
      targetId: duplicate.id,
      ...requestOf(reply),
      message: `A contact with the same identifiers exists already (id ${duplicate.id}). It was not changed.`,
    }
  }
  return (await mismatch(io, operation, duplicate.id, reply)) ?? updateDuplicate(io, ready, operation, duplicate.id)
}

/** The fields of the new contact, including its identifiers, so that later lookups find it. */
function wantedOf({ fields = {}, identities = [], identity }: Operation): Fields {
  const names = [...identities, identity].filter(({ field, value }) => field !== 'id' && value !== '').toReversed()
  return { ...fields, ...Object.fromEntries(names.map(({ field, value }) => [field, value])) }
}

function cannotCreate({ identity }: Operation, wanted: Fields): Outcome | undefined {
  if (isEmpty(wanted['external_id']) && isEmpty(wanted['email']) && isEmpty(wanted['role'])) {
    return identity.field === 'id'
      ? cannot(
          'not-found',
          `Intercom has no contact with id "${shown(identity.value)}", and assigns the ids of new contacts itself: a new contact needs an external_id, an email or a role.`,
          'id',
        )
      : cannot('invalid-value', 'A new contact needs an external_id, an email or a role.')
  }
  if (wanted['role'] === 'lead' && !isEmpty(wanted['external_id'])) {
    return cannot(
      'invalid-value',
      'Intercom assigns its own external_id to leads and ignores yours, so Tailrace would not find this lead again: ' +
        'identify leads by email, or make this contact a user.',
      'external_id',
    )
  }
  return undefined
}

async function unarchive(
  io: Io,
  ready: ContactReady,
  operation: Operation,
  id: string,
  rejectedReply: HttpReply,
): Promise<Outcome> {
  // Archived contacts cannot be read, so the match cannot be checked.
  if (mereValue(operation) !== undefined) return archivedDuplicate(rejectedReply, id)
  const reply = await write(
    io,
    { method: 'POST', path: path('contacts', id, 'unarchive'), repeatable: true },
    'unarchive',
  )
  if (!succeeded(reply)) {
    return {
      status: 'rejected',
      code: 'archived',
      httpStatus: reply.status,
      targetId: id,
      ...requestOf(reply),
      message: `An archived contact has the same identifiers (id ${id}), and cannot be unarchived: ${vendorError(reply).message || `status ${reply.status}`}`,
    }
  }
  try {
    return await updateDuplicate(io, ready, operation, id, 'restored')
  } catch (error) {
    throw afterPartOfIt(error)
  }
}

async function updateDuplicate(
  io: Io,
  ready: ContactReady,
  operation: Operation,
  id: string,
  effect: Effect = 'changed',
): Promise<Outcome> {
  const filled = await filledOf(io, ready, operation, id)
  const wanted = Object.fromEntries(Object.entries(wantedOf(operation)).filter(([field]) => !filled.has(field)))
  return uncleared(wanted, ready.types) ?? updateContact(io, ready, operation, id, wanted, effect)
}

/** The fields among `onlyIfEmpty` that already have a value. No lookup returned this contact, so it is read here. */
async function filledOf(
  io: Io,
  { types }: ContactReady,
  { onlyIfEmpty = [] }: Operation,
  id: string,
): Promise<ReadonlySet<string>> {
  if (onlyIfEmpty.length === 0) return new Set()
  const reply = await io.http.send({ method: 'GET', path: path('contacts', id), effect: 'read', repeatable: true })
  throwIfFault(reply, 'read contacts')
  // The contact cannot be read: the update that follows reports why.
  if (!succeeded(reply)) return new Set(onlyIfEmpty)
  const contact = readReply(targetRecord, reply, 'GET /contacts/{id}')
  return new Set(
    onlyIfEmpty.filter((field) => !isEmpty(fromWire(types.get(field)?.type ?? 'text', rawValue(contact, field)))),
  )
}

async function updateContact(
  io: Io,
  { types }: ContactReady,
  operation: Operation,
  id: string,
  fields: Fields,
  effect?: Effect,
): Promise<Outcome> {
  const reply = await write(
    io,
    { method: 'PUT', path: path('contacts', id), body: bodyOf(fields, types), repeatable: true },
    'update',
  )
  if (succeeded(reply)) return settled(reply, 'PUT /contacts/{id}', 'contact', fields, types, effect)
  if (reply.status === 404) return missing(io, reply, id)
  const duplicate = reply.status === 409 ? duplicateIn(reply) : undefined
  if (duplicate === undefined)
    return valuesRejected(reply, 'contact', { ...operation, identity: { field: 'id', value: id } })
  const own = ['external_id', 'email'].filter((field) => !isEmpty(fields[field]))
  return taken(reply, duplicate.id, own.length === 1 ? own[0] : undefined)
}

/**
 * A 404 counts as done: an earlier attempt whose answer was lost may have deleted the contact. A merged contact is
 * rejected, because it continues as another one.
 */
async function deleteContact(io: Io, { identity }: Operation): Promise<Outcome> {
  const reply = await write(
    io,
    { method: 'DELETE', path: path('contacts', identity.value), repeatable: true },
    'delete',
  )
  if (reply.status !== 404) return ended(reply, identity, 'deleted')
  const outcome = await missing(io, reply, identity.value)
  return outcome.status === 'rejected' && outcome.httpStatus === 410
    ? outcome
    : { status: 'in-place', ...requestOf(reply) }
}

/** Safe to repeat: archiving again answers 200 (recorded, 2021). */
async function archiveContact(io: Io, { identity }: Operation): Promise<Outcome> {
  const reply = await write(
    io,
    { method: 'POST', path: path('contacts', identity.value, 'archive'), repeatable: true },
    'archive',
  )
  return reply.status === 404 ? missing(io, reply, identity.value) : ended(reply, identity, 'archived')
}

async function restoreContact(io: Io, { identity }: Operation): Promise<Outcome> {
  const reply = await write(
    io,
    { method: 'POST', path: path('contacts', identity.value, 'unarchive'), repeatable: true },
    'unarchive',
  )
  if (reply.status === 404) return missing(io, reply, identity.value)
  if (!succeeded(reply)) return rejection(reply, 'contact', identity)
  if (property(reply.body, 'archived') === false)
    return { status: 'delivered', targetId: identity.value, ...requestOf(reply) }
  return oddOutcome('POST /contacts/{id}/unarchive', reply, 'did not confirm that the contact is unarchived')
}

/** A write also answers 404 for a merged contact; only a read names the contact it was merged into (410, from 2.16). */
async function missing(io: Io, reply: HttpReply, id: string): Promise<Outcome> {
  const identity = { field: 'id', value: id }
  const read = await io.http.send({ method: 'GET', path: path('contacts', id), effect: 'read', repeatable: true })
  throwIfFault(read, 'read contacts')
  return rejection(read.status === 410 ? read : reply, 'contact', identity)
}

function ended(reply: HttpReply, identity: Operation['identity'], as: 'deleted' | 'archived'): Outcome {
  if (!succeeded(reply)) return rejection(reply, 'contact', identity)
  if (property(reply.body, as) === true) return { status: 'delivered', targetId: identity.value, ...requestOf(reply) }
  return oddOutcome(
    as === 'deleted' ? 'DELETE /contacts/{id}' : 'POST /contacts/{id}/archive',
    reply,
    `did not confirm that the contact was ${as}`,
  )
}

async function write(io: Io, request: Omit<HttpRequest, 'effect'>, doing: string): Promise<HttpReply> {
  const reply = await io.http.send({ ...request, effect: 'write' })
  throwIfFault(reply, `${doing} contacts`)
  return reply
}
