import { contactId, contactNumber } from '../ids.ts'
import { conversationContact, conversationCreatedAt } from '../render/conversation.ts'
import type { Workspace } from '../state/workspace.ts'
import { flag, moment, numeric, tagIds, text } from './field-kinds.ts'
import type { SearchFields } from './query.ts'

export function conversationFields(workspace: Workspace): SearchFields {
  return new Map([
    ['id', numeric((i) => i, (id) => [Number(id)])],
    ['tag_ids', tagIds(['=', '!=', 'IN', 'NIN'],
      (i, view) => view.memberships.conversation.tagsOf(i), (tag, view) => view.memberships.conversation.membersOf(Number(tag)))],
    ['contact_ids', text((i) => {
      const contact = conversationContact(workspace, i)
      return contact === 0 ? [] : [contactId(contact)]
    }, (id) => conversationsOf(workspace, contactNumber(String(id))))],
    ['created_at', moment(conversationCreatedAt)],
    ['updated_at', moment(conversationCreatedAt)],
    ['open', flag(() => true)],
    ['read', flag(() => false)],
    ['state', text(() => 'open')],
    ['admin_assignee_id', numeric(() => null)],
    ['team_assignee_id', numeric(() => null)],
  ])
}

function* conversationsOf({ settings }: Workspace, contact: number): Generator<number> {
  if (contact === 0 || contact > settings.contacts) return
  for (let i = contact; i <= settings.conversations; i += settings.contacts) yield i
}
