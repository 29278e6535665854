import { since216, type Version } from '../http/version.ts'
import { appliedTagBody, tagsOf } from './tag.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

const firstCreatedAt = 1_700_000_000

/** Unix seconds: one conversation per minute, in the order of their numbers. */
export function conversationCreatedAt(i: number): number {
  return firstCreatedAt + i * 60
}

/** Number of the contact who started the i-th conversation; 0 in a workspace without contacts. */
export function conversationContact(workspace: Workspace, i: number): number {
  return workspace.settings.contacts === 0 ? 0 : ((i - 1) % workspace.settings.contacts) + 1
}

/** `parts`: only a conversation read by id has them. `kind`: a ticket has a conversation with the same id. */
export function conversationBody(
  workspace: Workspace,
  view: View,
  i: number,
  version: Version,
  parts: boolean,
  kind: 'conversation' | 'ticket' = 'conversation',
): object {
  const at = conversationCreatedAt(i)
  const contact = conversationContact(workspace, i)
  const { ids } = workspace.directory
  const { contacts } = view
  const author =
    contact === 0
      ? { type: 'bot', id: '0', name: null, email: null }
      : {
          type: 'user',
          id: ids.contact.of(contact),
          name: contacts.get(contact, 'name'),
          email: contacts.get(contact, 'email'),
        }
  const memberships = view.memberships[kind]
  return {
    type: 'conversation',
    id: ids[kind].of(i),
    title: null,
    created_at: at,
    updated_at: at,
    waiting_since: null,
    snoozed_until: null,
    open: true,
    state: 'open',
    read: false,
    priority: since216(version) ? 'none' : 'not_priority',
    admin_assignee_id: since216(version) ? 0 : null,
    team_assignee_id: since216(version) ? 0 : null,
    tags: {
      type: 'tag.list',
      tags: tagsOf(workspace, view, kind, i).map((tag) => appliedTagBody(tag, memberships.mark(i, tag.number))),
    },
    conversation_rating: null,
    source: {
      type: 'conversation',
      id: String(400_000_000 + i),
      delivered_as: 'customer_initiated',
      subject: '',
      body: '<p>Hello</p>',
      author,
      attachments: [],
      url: null,
      redacted: false,
    },
    contacts: {
      type: 'contact.list',
      contacts:
        contact === 0
          ? []
          : [{ type: 'contact', id: ids.contact.of(contact), external_id: contacts.get(contact, 'externalId') }],
    },
    teammates: { type: 'admin.list', teammates: [] },
    custom_attributes: {},
    first_contact_reply: null,
    sla_applied: null,
    statistics: null,
    linked_objects: { type: 'list', total_count: 0, has_more: false, data: [] },
    ai_agent_participated: false,
    ai_agent: null,
    ...(parts
      ? { conversation_parts: { type: 'conversation_part.list', conversation_parts: [], total_count: 0 } }
      : {}),
  }
}
