import { ok, userNotFound } from '../http/answer.ts'
import { contactBody } from '../render/contact.ts'
import { createContact, updateContact } from '../write/write-contact.ts'
import type { Route } from '../http/router.ts'

const shared = { effect: 'write', scopes: ['write_users_companies'] } as const

export const contactWriteRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/contacts',
    ...shared,
    answer({ workspace, body, version }) {
      const made = createContact(workspace, body, version)
      return typeof made === 'number' ? ok(contactBody(workspace, workspace.live, made, version)) : made
    },
  },
  {
    method: 'PUT',
    path: '/contacts/{contact_id}',
    ...shared,
    answer({ workspace, params, body, version }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      return (
        updateContact(workspace, contact, body, version) ?? ok(contactBody(workspace, workspace.live, contact, version))
      )
    },
  },
]
