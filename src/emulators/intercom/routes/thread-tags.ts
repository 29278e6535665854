import { missingParameter, ok, reject, resourceNotFound, ticketNotFound, type Answer } from '../http/answer.ts'
import { fieldsOf, idText } from '../http/body.ts'
import { appliedTagBody } from '../render/tag.ts'
import { adminById } from '../state/admins.ts'
import type { Call, Route } from '../http/router.ts'
import type { Scope } from '../scopes.ts'

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
