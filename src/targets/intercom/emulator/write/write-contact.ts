import type { Answer } from '../../../../emulator-kit/answer.ts'
import { reject, badParameter } from '../http/answer.ts'
import { fieldsOf, idText } from '../../../../emulator-kit/router.ts'
import { leadExternalId } from '../ids.ts'
import { since216, type Version } from '../http/version.ts'
import type { ContactRecord } from '../state/records.ts'
import type { Workspace } from '../state/workspace.ts'
import { mergeCustom } from './custom-attributes.ts'
import { adminById } from '../state/admins.ts'

/** Carries out a `POST /contacts`. Returns the number of the new contact, or an error answer. */
export function createContact(workspace: Workspace, body: unknown, version: Version): number | Answer {
  const input = readContact(fieldsOf(body), version)
  if ('status' in input) return input
  const { role = 'user', externalId = null, email = null, plain } = input
  if (input.role === undefined && externalId === null && email === null) {
    return reject(400, 'parameter_not_found', 'one of email, external_id and role is required')
  }
  const merged = mergeCustom(workspace, 'contact', {}, fieldsOf(body).custom_attributes)
  if ('status' in merged) return merged
  const at = workspace.seconds()
  const record: ContactRecord = {
    phone: null,
    name: null,
    ownerId: null,
    avatar: null,
    unsubscribed: false,
    signedUpAt: null,
    lastSeenAt: null,
    ...plain,
    role,
    externalId,
    email,
    ...merged,
    createdAt: at,
    updatedAt: at,
  }
  const duplicate = conflictingContact(workspace, record, 0)
  if (duplicate !== null) return duplicate
  const targetRecord = workspace.directory.next('contact')
  // Intercom ignores an external id sent for a lead and generates its own.
  workspace.change({
    do: 'write-contact',
    targetRecord,
    record: role === 'lead' ? { ...record, externalId: leadExternalId(targetRecord) } : record,
  })
  return targetRecord
}

/** Carries out a `PUT /contacts/{id}`. Returns null, or an error answer. */
export function updateContact(
  workspace: Workspace,
  targetRecord: number,
  body: unknown,
  version: Version,
): Answer | null {
  const input = readContact(fieldsOf(body), version)
  if ('status' in input) return input
  const held = workspace.live.contacts.of(targetRecord)
  const { role = held.role, email = held.email, plain } = input
  if (held.role === 'user' && role === 'lead')
    return reject(400, 'client_error', "Contact with user role can't be converted to a lead")
  const merged = mergeCustom(workspace, 'contact', held.custom, fieldsOf(body).custom_attributes)
  if ('status' in merged) return merged
  const record: ContactRecord = {
    ...held,
    ...plain,
    role,
    ...merged,
    updatedAt: workspace.seconds(),
    externalId: role === 'lead' ? held.externalId : (input.externalId ?? held.externalId),
    email: role === 'user' && input.email === null ? '' : email,
  }
  const changesName = record.externalId !== held.externalId || record.email !== held.email || role !== held.role
  const duplicate = changesName ? conflictingContact(workspace, record, targetRecord) : null
  if (duplicate === null) workspace.change({ do: 'write-contact', targetRecord, record })
  return duplicate
}

/** The checked fields of a body; a field that the body does not have is absent. */
export interface ContactInput {
  readonly role?: 'user' | 'lead'
  readonly externalId?: string
  /** In lower case; null clears. */
  readonly email?: string | null
  readonly plain: Partial<
    Pick<ContactRecord, 'phone' | 'name' | 'avatar' | 'ownerId' | 'unsubscribed' | 'signedUpAt' | 'lastSeenAt'>
  >
}

type Fields = Readonly<Record<string, unknown>>

const texts = { phone: 'phone', name: 'name', avatar: 'avatar' } as const
const times = { signed_up_at: 'signedUpAt', last_seen_at: 'lastSeenAt' } as const

/** Ignores unknown fields. An empty or null `external_id` counts as absent. */
function readContact(body: Fields, version: Version): ContactInput | Answer {
  const {
    role,
    external_id: externalId,
    email,
    email_verified: verified,
    owner_id: owner,
    unsubscribed_from_emails: unsubscribed,
  } = body
  const plain: Record<string, unknown> = {}
  if (role !== undefined && role !== 'user' && role !== 'lead') return badParameter('role must be either user or lead')
  if (!isText(externalId)) return badParameter('external_id must be a string')
  if (!isText(email)) return badParameter('email must be a string')
  if (since216(version) && verified !== undefined) {
    if (verified !== null && typeof verified !== 'boolean') return badParameter('email_verified must be true or false')
    if (typeof email !== 'string' || email === '') return badParameter('email_verified requires an email')
  }
  for (const [name, field] of Object.entries(texts)) {
    const value = body[name]
    if (!isText(value)) return badParameter(`${name} must be a string`)
    if (value !== undefined) plain[field] = value
  }
  for (const [name, field] of Object.entries(times)) {
    const value = body[name]
    if (value === undefined) continue
    if (value !== null && !Number.isInteger(value)) return badParameter(`${name} must be a date in unix seconds`)
    plain[field] = value
  }
  if (unsubscribed !== undefined && unsubscribed !== null) {
    if (typeof unsubscribed !== 'boolean') return badParameter('unsubscribed_from_emails must be true or false')
    plain.unsubscribed = unsubscribed
  }
  if (owner !== undefined) {
    const id = owner === null ? null : idText(owner)
    if (id === undefined || (id !== null && adminById(id) === undefined)) {
      return badParameter('The owner specified is not a member of the workspace')
    }
    plain.ownerId = id === null ? null : Number(id)
  }
  return {
    plain,
    ...(role === undefined ? {} : { role }),
    ...(typeof externalId === 'string' && externalId !== '' ? { externalId } : {}),
    ...(email === undefined ? {} : { email: typeof email === 'string' && email !== '' ? email.toLowerCase() : null }),
  }
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string'
}

/**
 * The rejection of a user that conflicts with another one, or null. Two users cannot share an external id; they can
 * share an email when both have external ids, and these differ. Leads can share everything. Archived users conflict
 * like others, and deleted ones for a while; merged ones do not.
 */
function conflictingContact(
  workspace: Workspace,
  { role, externalId, email }: ContactRecord,
  self: number,
): Answer | null {
  if (role === 'lead') return null
  const { contacts } = workspace.live
  const byExternalId = externalId === null ? [] : contacts.find('externalId', externalId)
  const byEmail =
    email === null || email === ''
      ? []
      : contacts.find('email', email).filter((each) => externalId === null || contacts.get(each, 'externalId') === null)
  let gone = 0
  for (const each of [...byExternalId, ...byEmail]) {
    if (each === self || contacts.get(each, 'role') === 'lead') continue
    const state = standing(workspace, each)
    if (state === 'there') return conflict(workspace, each, 'A contact')
    if (state === 'archived' && gone === 0) gone = each
  }
  return gone === 0 ? null : conflict(workspace, gone, 'An archived contact')
}

function standing(workspace: Workspace, contact: number): 'there' | 'archived' | 'gone' {
  const departure = workspace.departure(contact)
  if (departure === undefined) return 'there'
  if (departure.is === 'deleted') return isDeleting(workspace, departure.at) ? 'archived' : 'gone'
  return departure.is === 'archived' ? 'archived' : 'gone'
}

/** Whether a contact deleted at this unix second still conflicts with new ones. */
export function isDeleting(workspace: Workspace, at: number): boolean {
  return workspace.settings.now() < at * 1000 + workspace.settings.deletionMs
}

function conflict(workspace: Workspace, contact: number, who: string): Answer {
  return reject(
    409,
    'conflict',
    `${who} matching those details already exists with id=${workspace.directory.ids.contact.of(contact)}`,
  )
}

/** Merges `from` into `into`: tags and companies, and the details that `into` lacks, except the external id. */
export function mergeContacts(workspace: Workspace, from: number, into: number): void {
  const { contacts, links, memberships } = workspace.live
  const { tagsOf, mark } = memberships.contact
  for (const tag of [...tagsOf(from)])
    workspace.change({ do: 'attach', kind: 'contact', targetRecord: into, tag, ...mark(from, tag)! })
  for (const company of links.companiesOf(from)) workspace.change({ do: 'join', contact: into, company })
  const [source, target] = [contacts.of(from), contacts.of(into)]
  workspace.change({
    do: 'write-contact',
    targetRecord: into,
    record: {
      ...target,
      ...lacking(source, target),
      updatedAt: workspace.seconds(),
      custom: {
        ...source.custom,
        ...Object.fromEntries(Object.entries(target.custom).filter(([, value]) => value !== null)),
      },
    },
  })
  workspace.change({ do: 'contact', targetRecord: from, departure: { is: 'merged', into } })
}

function lacking(source: ContactRecord, target: ContactRecord): Partial<ContactRecord> {
  const fields = ['email', 'phone', 'name', 'ownerId', 'avatar', 'signedUpAt', 'lastSeenAt'] as const
  return Object.fromEntries(fields.filter((field) => !target[field]).map((field) => [field, source[field]]))
}
