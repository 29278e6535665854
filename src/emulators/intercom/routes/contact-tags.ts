import { missingParameter, ok, resourceNotFound, userNotFound } from '../http/answer.ts'
import { fieldsOf, idText } from '../http/body.ts'
import { appliedTagBody, tagsOf } from '../render/tag.ts'
import type { Route } from '../http/router.ts'

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
