import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { reject, userNotFound } from '../http/answer.ts'
import { pagesBody, readPage } from '../http/paging.ts'
import { since216, type Version } from '../http/version.ts'
import { contactBody } from '../render/contact.ts'
import { contactFields } from '../search/contact-fields.ts'
import { search } from '../search/search.ts'
import type { Call, Route } from '../http/route.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'
import { createContact, updateContact } from '../write/write-contact.ts'

const maxPage = 150

export const contactRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts/{contact_id}',
    effect: 'read',
    scopes: ['read_users_companies'],
    answer: ({ workspace, params, version }) => readContact(workspace, workspace.anyContact(params[0]!), version),
  },
  {
    // Users only: the generated external id of a lead finds nothing here.
    method: 'GET',
    path: '/contacts/find_by_external_id/{external_id}',
    effect: 'read',
    scopes: ['read_users_companies'],
    since: 213,
    answer({ workspace, params, version }) {
      const contact = workspace.contactByExternalId(params[0]!)
      return readContact(
        workspace,
        contact > 0 && workspace.live.contacts.get(contact, 'role') === 'lead' ? 0 : contact,
        version,
      )
    },
  },
  { method: 'GET', path: '/contacts', effect: 'read', scopes: ['read_users_companies'], answer: list },
  {
    method: 'POST',
    path: '/contacts/search',
    effect: 'read',
    scopes: ['read_users_companies'],
    answer(call) {
      const { workspace, version } = call
      const view = workspace.indexed()
      const found = search(call, view, contactFields(workspace, version), {
        kind: 'contact',
        perPage: 50,
        maxPage,
        checkSort: since216(version),
        exists: (contact) => isThere(view, contact),
      })
      if ('status' in found) return found
      return ok({
        type: 'list',
        data: found.targetRecords.map((contact) => contactBody(workspace, view, contact, version)),
        total_count: found.total,
        pages: pagesBody(found.page, found.total, found.last),
      })
    },
  },
]

function isThere(view: View, contact: number): boolean {
  return view.contacts.has(contact) && !view.departures.has(contact)
}

function readContact(workspace: Workspace, contact: number, version: Version): Answer {
  if (contact === 0) return userNotFound
  const departure = workspace.departure(contact)
  if (departure === undefined) return ok(contactBody(workspace, workspace.live, contact, version))
  if (departure.is !== 'merged' || !since216(version)) return userNotFound
  return {
    ...reject(410, 'contact_merged', "This contact has been merged. See the 'Link' header for the canonical contact."),
    headers: {
      Link: `</contacts/${workspace.directory.ids.contact.of(canonical(workspace, departure.into))}>; rel="canonical"`,
    },
  }
}

/** Follows merges of merged contacts, at most three steps, as documented. */
function canonical(workspace: Workspace, into: number): number {
  let at = into
  for (let hop = 1; hop < 3; hop++) {
    const departure = workspace.departure(at)
    if (departure?.is !== 'merged') return at
    at = departure.into
  }
  return at
}

function list({ workspace, query, version }: Call): Answer {
  const page = readPage(query.get('per_page'), query.get('starting_after'), 10, maxPage)
  if ('status' in page) return page
  const view = workspace.indexed()
  const targetRecords: number[] = []
  const count = workspace.count('contact')
  let at = page.after
  while (++at <= count && targetRecords.length < page.perPage) if (isThere(view, at)) targetRecords.push(at)
  while (at <= count && !isThere(view, at)) at++
  const total = view.contacts.count() - view.departures.size
  return ok({
    type: 'list',
    data: targetRecords.map((contact) => contactBody(workspace, view, contact, version)),
    total_count: total,
    pages: pagesBody(page, total, at <= count ? targetRecords.at(-1)! : null),
  })
}

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
