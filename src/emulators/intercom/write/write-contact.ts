import { reject, type Answer } from '../http/answer.ts'
import { fieldsOf } from '../http/body.ts'
import { leadExternalId } from '../ids.ts'
import type { Version } from '../http/version.ts'
import type { ContactRecord } from '../state/contact-record.ts'
import type { Workspace } from '../state/workspace.ts'
import { readContact } from './contact-input.ts'
import { mergeCustom } from './custom-attributes.ts'
import { conflictingContact } from './conflicting-contact.ts'

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
