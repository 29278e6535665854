import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, companyNotFound, reject, userNotFound } from '../http/answer.ts'
import { fieldsOf, idText } from '../../../../emulator-kit/router.ts'
import type { Call, Route } from '../http/route.ts'
import { pagesBody, readPage } from '../http/paging.ts'
import { companyBody } from '../render/company.ts'
import { contactBody } from '../render/contact.ts'

/** Maximum number of companies of one contact. */
const most = 1000
const perPage = 50

const limitExceeded = reject(
  400,
  'contact_company_limit_exceeded',
  `Contact has reached the maximum of ${most} company associations`,
)
const notSpecified = reject(400, 'parameter_not_found', 'company not specified')

/**
 * The companies of a contact and the contacts of a company. Companies are named by Intercom id, never by
 * `company_id`.
 */
export const contactCompanyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts/{contact_id}/companies',
    effect: 'read',
    scopes: ['read_users_companies'],
    answer: companiesOf,
  },
  {
    method: 'POST',
    path: '/contacts/{contact_id}/companies',
    effect: 'write',
    scopes: ['write_users_companies'],
    answer({ workspace, params, body }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      const id = idText(fieldsOf(body).id)
      if (id === undefined) return notSpecified
      const company = workspace.company(id)
      if (company === 0) return companyNotFound
      const held = workspace.live.links.companiesOf(contact)
      if (held.length >= most && !held.includes(company)) return limitExceeded
      workspace.change({ do: 'join', contact, company })
      return ok(companyBody(workspace, workspace.live, company))
    },
  },
  {
    method: 'DELETE',
    path: '/contacts/{contact_id}/companies/{company_id}',
    effect: 'write',
    scopes: ['write_users_companies'],
    answer({ workspace, params }) {
      const contact = workspace.contact(params[0]!)
      if (contact === 0) return userNotFound
      const company = workspace.company(params[1]!)
      // What Intercom answers for a company that the contact is not in is undocumented; a client must be ready for a
      // rejection.
      if (company === 0 || !workspace.live.links.companiesOf(contact).includes(company)) return companyNotFound
      workspace.change({ do: 'leave', contact, company })
      return ok(companyBody(workspace, workspace.live, company))
    },
  },
  {
    method: 'GET',
    path: '/companies/{company_id}/contacts',
    effect: 'read',
    scopes: ['read_users_companies'],
    answer: contactsOf,
  },
]

/**
 * The list is in `data`, as in the description's example; its schema says `companies`. Pages are numbered. No index
 * lag.
 */
function companiesOf({ workspace, params, query }: Call): Answer {
  const contact = workspace.contact(params[0]!)
  if (contact === 0) return userNotFound
  const size = Number(query.get('per_page') ?? perPage)
  const page = Number(query.get('page') ?? 1)
  if (!isCount(size) || !isCount(page)) return badParameter('page and per_page must be positive numbers')
  if (size > perPage) return badParameter('Per Page is too big')
  const all = workspace.live.links.companiesOf(contact)
  const pages = Math.ceil(all.length / size)
  const next =
    page < pages ? `https://api.intercom.io/contacts/${params[0]}/companies?per_page=${size}&page=${page + 1}` : null
  return ok({
    type: 'list',
    data: all.slice((page - 1) * size, page * size).map((company) => companyBody(workspace, workspace.live, company)),
    pages: { type: 'pages', next, page, per_page: size, total_pages: pages },
    total_count: all.length,
  })
}

/** Pages use cursors, as in the description's schema. As a list, it lags. */
function contactsOf({ workspace, params, query, version }: Call): Answer {
  const company = workspace.company(params[0]!)
  if (company === 0) return companyNotFound
  const page = readPage(query.get('per_page'), query.get('starting_after'), perPage, perPage)
  if ('status' in page) return page
  const view = workspace.indexed()
  const all = view.links.contactsOf(company)
  const rest = all.filter((contact) => contact > page.after)
  const shown = rest.slice(0, page.perPage)
  return ok({
    type: 'list',
    data: shown.map((contact) => contactBody(workspace, view, contact, version)),
    total_count: all.length,
    pages: pagesBody(page, all.length, rest.length > shown.length ? shown.at(-1)! : null),
  })
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}
