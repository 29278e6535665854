import { idText } from '../../../../emulator-kit/router.ts'
import { conversationContact, conversationCreatedAt } from '../render/conversation.ts'
import type { Workspace } from '../state/workspace.ts'
import { flag, moment, numeric, tagIds, text } from './field-kinds.ts'
import type { SearchFields } from './query.ts'

export function conversationFields(workspace: Workspace): SearchFields {
  const { ids } = workspace.directory
  return new Map([
    [
      'id',
      {
        ...numeric(
          (i) => comparable(ids.conversation.of(i)),
          (id) => [ids.conversation.find(String(id))],
        ),
        accept,
      },
    ],
    [
      'tag_ids',
      tagIds(
        ['=', '!=', 'IN', 'NIN'],
        (i, view) => view.memberships.conversation.tagsOf(i),
        (tag, view) => view.memberships.conversation.membersOf(Number(tag)),
      ),
    ],
    [
      'contact_ids',
      text(
        (i) => {
          const contact = conversationContact(workspace, i)
          return contact === 0 ? [] : [ids.contact.of(contact)]
        },
        (id) => conversationsOf(workspace, ids.contact.find(String(id))),
      ),
    ],
    ['created_at', moment(conversationCreatedAt)],
    ['updated_at', moment(conversationCreatedAt)],
    ['open', flag(() => true)],
    ['read', flag(() => false)],
    ['state', text(() => 'open')],
    ['admin_assignee_id', numeric(() => null)],
    ['team_assignee_id', numeric(() => null)],
  ])
}

/** Generated ids are compared as numbers; listed ids may be any text. */
function comparable(id: string): number | string {
  const number = Number(id)
  return String(number) === id ? number : id
}

function accept(value: unknown): number | string | null | undefined {
  const id = idText(value)
  return id === undefined ? (value === null ? null : undefined) : comparable(id)
}

function* conversationsOf({ settings }: Workspace, contact: number): Generator<number> {
  if (contact === 0 || contact > settings.contacts) return
  for (let i = contact; i <= settings.conversations; i += settings.contacts) yield i
}
