import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, reject, userNotFound } from '../http/answer.ts'
import { fieldsOf, idText } from '../../../../emulator-kit/router.ts'
import type { Call, Route } from '../http/route.ts'
import { since216 } from '../http/version.ts'
import { contactBody } from '../render/contact.ts'
import { mergeContacts, isDeleting } from '../write/write-contact.ts'
import type { Workspace } from '../state/workspace.ts'

const shared = { effect: 'write', scopes: ['write_users_companies'] } as const

/** An archived contact can be archived, deleted and blocked again; a deleted or merged one is not found. */
export const contactLifecycleRoutes: readonly Route[] = [
  { method: 'POST', path: '/contacts/{contact_id}/archive', ...shared, answer: (call) => leave(call, 'archived') },
  // Blocking archives a contact. It also archives its conversations, which the emulator does not imitate.
  {
    method: 'POST',
    path: '/contacts/{contact_id}/block',
    ...shared,
    since: 213,
    answer: (call) => leave(call, 'blocked'),
  },
  { method: 'DELETE', path: '/contacts/{contact_id}', ...shared, answer: (call) => leave(call, 'deleted') },
  { method: 'POST', path: '/contacts/{contact_id}/unarchive', ...shared, answer: unarchive },
  { method: 'POST', path: '/contacts/merge', ...shared, answer: merge },
]

function leave({ workspace, params }: Call, how: 'archived' | 'blocked' | 'deleted'): Answer {
  const contact = workspace.anyContact(params[0]!)
  const departure = workspace.departure(contact)
  if (contact === 0 || (departure !== undefined && departure.is !== 'archived')) return userNotFound
  const next = how === 'deleted' ? ({ is: 'deleted', at: workspace.seconds() } as const) : ({ is: 'archived' } as const)
  workspace.change({ do: 'contact', targetRecord: contact, departure: next })
  return ok(reference(workspace, contact, { [how]: true }))
}

function unarchive({ workspace, params }: Call): Answer {
  const contact = workspace.anyContact(params[0]!)
  const departure = workspace.departure(contact)
  if (departure?.is === 'deleted' && isDeleting(workspace, departure.at)) {
    return reject(400, 'bad_request', 'User has been marked for permanent deletion and is not restorable.')
  }
  if (contact === 0 || (departure !== undefined && departure.is !== 'archived')) return userNotFound
  if (departure !== undefined) workspace.change({ do: 'contact', targetRecord: contact, departure: null })
  return ok(reference(workspace, contact, { archived: false }))
}

function reference({ directory, live }: Workspace, contact: number, outcome: object): object {
  return {
    type: 'contact',
    id: directory.ids.contact.of(contact),
    external_id: live.contacts.get(contact, 'externalId'),
    ...outcome,
  }
}

function merge({ workspace, body, version }: Call): Answer {
  const { from, into, skip_duplicate_validation: skip } = fieldsOf(body)
  const [source, target] = [idText(from), idText(into)]
  if (source === undefined || target === undefined) return badParameter('from and into are required parameters')
  const [lead, user] = [workspace.contact(source), workspace.contact(target)]
  if (lead === 0 || user === 0) return userNotFound
  const { contacts } = workspace.live
  if (contacts.get(lead, 'role') !== 'lead' || contacts.get(user, 'role') !== 'user') {
    return reject(
      400,
      'invalid_merge',
      'A contact with the role of lead can only be merged into a contact with the role of user.',
    )
  }
  if (since216(version) && skip !== true && !duplicates(workspace, lead, user)) {
    return reject(
      400,
      'invalid_merge',
      'Contacts can only be merged when they are duplicates (matching email or phone). ' +
        'Pass skip_duplicate_validation=true to override this check.',
    )
  }
  mergeContacts(workspace, lead, user)
  return ok(contactBody(workspace, workspace.live, user, version))
}

function duplicates({ live: { contacts } }: Workspace, one: number, other: number): boolean {
  return (['email', 'phone'] as const).some((field) => {
    const value = contacts.get(one, field)
    return value !== null && value !== '' && value === contacts.get(other, field)
  })
}
