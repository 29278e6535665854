import { reject, type Answer } from '../http/answer.ts'
import type { ContactRecord } from '../state/contact-record.ts'
import type { Workspace } from '../state/workspace.ts'

/**
 * The rejection of a user that conflicts with another one, or null. Two users cannot share an external id; they can
 * share an email when both have external ids, and these differ. Leads can share everything. Archived users conflict
 * like others, and deleted ones for a while; merged ones do not.
 */
export function conflictingContact(
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
