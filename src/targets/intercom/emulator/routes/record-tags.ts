import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { missingParameter, resourceNotFound, userNotFound, reject, ticketNotFound } from '../http/answer.ts'
import { fieldsOf, idText } from '../../../../emulator-kit/router.ts'
import type { Route, Call } from '../http/route.ts'
import { appliedTagBody, tagsOf } from '../render/tag.ts'
import { adminById } from '../state/admins.ts'
import type { Scope } from '../options.ts'

/** Both 404s have the same code: only the message distinguishes a missing contact from a missing tag. */
export const contactTagRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts/{contact_id}/tags',
    effect: 'read',
    scopes: ['read_tags'],
    answer({ workspace, params }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      const tags = tagsOf(workspace, workspace.live, 'contact', contact)
      const { mark } = workspace.live.memberships.contact
      return ok({ type: 'list', data: tags.map((tag) => appliedTagBody(tag, mark(contact, tag.number))) })
    },
  },
  {
    method: 'POST',
    path: '/contacts/{contact_id}/tags',
    effect: 'write',
    scopes: ['write_tags'],
    answer({ workspace, params, body, admin }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      const id = idText(fieldsOf(body).id)
      if (id === undefined) return missingParameter('id')
      const tag = workspace.tags.byId(id)
      if (tag === undefined) return resourceNotFound
      workspace.change({
        do: 'attach',
        kind: 'contact',
        targetRecord: contact,
        tag: tag.number,
        at: workspace.seconds(),
        adminId: admin.id,
      })
      return ok(appliedTagBody(tag, workspace.live.memberships.contact.mark(contact, tag.number)))
    },
  },
  {
    method: 'DELETE',
    path: '/contacts/{contact_id}/tags/{tag_id}',
    effect: 'write',
    scopes: ['write_tags'],
    answer({ workspace, params }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      const tag = workspace.tags.byId(params[1]!)
      if (tag === undefined) return resourceNotFound
      // The answer shows the state before the call. Detaching an absent tag answers 200 with nulls.
      const mark = workspace.live.memberships.contact.mark(contact, tag.number)
      workspace.change({ do: 'detach', kind: 'contact', targetRecord: contact, tag: tag.number })
      return ok(appliedTagBody(tag, mark))
    },
  },
]

/** Tags on conversations and tickets. Both calls need the id of the acting admin; the DELETE takes it in its body. */
export const threadTagRoutes: readonly Route[] = [
  ...routesOf(
    'conversation',
    '/conversations/{conversation_id}/tags',
    'write_conversations',
    reject(404, 'not_found', 'Conversation not found'),
  ),
  ...routesOf('ticket', '/tickets/{ticket_id}/tags', 'write_tickets', ticketNotFound, 210),
]

const tagNotFound = reject(404, 'tag_not_found', 'Tag not found')
const adminNotFound = reject(404, 'admin_not_found', 'Admin not found')

function routesOf(kind: 'conversation' | 'ticket', path: string, scope: Scope, notFound: Answer, since = 200): Route[] {
  const shared = { effect: 'write', scopes: ['write_tags', scope], since } as const

  /** The thread and the admin, or an error answer. */
  const parties = ({ workspace, params, body }: Call): Answer | { targetRecord: number; adminId: string } => {
    const targetRecord = workspace[kind](params[0]!)
    if (targetRecord === 0) return notFound
    const adminId = idText(fieldsOf(body).admin_id)
    if (adminId === undefined) return missingParameter('admin_id')
    return adminById(adminId) === undefined ? adminNotFound : { targetRecord, adminId }
  }

  return [
    {
      method: 'POST',
      path,
      ...shared,
      answer(call) {
        const { workspace, body } = call
        const found = parties(call)
        if ('status' in found) return found
        const id = idText(fieldsOf(body).id)
        if (id === undefined) return missingParameter('id')
        const tag = workspace.tags.byId(id)
        // This case is undocumented; the DELETE's `tag_not_found` is documented.
        if (tag === undefined) return resourceNotFound
        workspace.change({ do: 'attach', kind, tag: tag.number, at: workspace.seconds(), ...found })
        return ok(appliedTagBody(tag, workspace.live.memberships[kind].mark(found.targetRecord, tag.number)))
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{tag_id}`,
      ...shared,
      answer(call) {
        const { workspace, params } = call
        const found = parties(call)
        if ('status' in found) return found
        const tag = workspace.tags.byId(params[1]!)
        if (tag === undefined) return tagNotFound
        const mark = workspace.live.memberships[kind].mark(found.targetRecord, tag.number)
        workspace.change({ do: 'detach', kind, targetRecord: found.targetRecord, tag: tag.number })
        return ok(appliedTagBody(tag, mark))
      },
    },
  ]
}
