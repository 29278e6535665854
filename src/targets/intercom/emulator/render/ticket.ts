import { workspaceCode } from './admin.ts'
import { conversationContact, conversationCreatedAt } from './conversation.ts'
import { since216, type Version } from '../http/version.ts'
import type { Workspace } from '../state/workspace.ts'

const typeId = '1'

/** A ticket does not show its tags. They show on the conversation with the same id. */
export function ticketBody(workspace: Workspace, i: number, version: Version): object {
  const at = conversationCreatedAt(i)
  const contact = conversationContact(workspace, i)
  const { ids } = workspace.directory
  // A string up to 2.15.
  const nobody = since216(version) ? 0 : '0'
  return {
    type: 'ticket',
    id: ids.ticket.of(i),
    ticket_id: String(i),
    category: 'Customer',
    ticket_attributes: { _default_title_: `Ticket ${i}`, _default_description_: null },
    ticket_state: {
      type: 'ticket_state',
      id: '1',
      category: 'submitted',
      internal_label: 'Submitted',
      external_label: 'Submitted',
    },
    ticket_type: {
      type: 'ticket_type',
      id: typeId,
      category: 'Customer',
      name: 'Request',
      description: 'A request.',
      icon: '🎟️',
      workspace_id: workspaceCode,
      archived: false,
      is_internal: false,
      created_at: at,
      updated_at: at,
      ticket_type_attributes: { type: 'list', data: [] },
    },
    contacts: {
      type: 'contact.list',
      contacts:
        contact === 0
          ? []
          : [
              {
                type: 'contact',
                id: ids.contact.of(contact),
                external_id: workspace.live.contacts.get(contact, 'externalId'),
              },
            ],
    },
    admin_assignee_id: nobody,
    team_assignee_id: nobody,
    created_at: at,
    updated_at: at,
    open: true,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ticket_parts: { type: 'ticket_part.list', ticket_parts: [], total_count: 0 },
    is_shared: false,
  }
}
