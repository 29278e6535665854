import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, companyNotFound, reject, resourceNotFound } from '../http/answer.ts'
import { companyBody } from '../render/company.ts'
import { nextScroll } from '../state/next-pages.ts'
import type { Call, Route } from '../http/route.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'
import { updateCompany, upsertCompany } from '../write/write-company.ts'

const scopes = ['read_users_companies'] as const
const reachable = 10_000
const perPage = 15
const maxPage = 60
const scrollPage = 100

/** Companies without contacts can be read by id and tagged, but no list shows them. */
export const companyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/companies/{id}',
    effect: 'read',
    scopes,
    answer: ({ workspace, params }) => one(workspace, workspace.company(params[0]!)),
  },
  { method: 'GET', path: '/companies', effect: 'read', scopes, answer: find },
  {
    method: 'POST',
    path: '/companies/list',
    effect: 'read',
    scopes,
    answer({ workspace, query }) {
      const view = workspace.indexed()
      const numbers = query.get('order') === 'asc' ? ascending(workspace) : descending(workspace)
      return page(workspace, view, query, '/companies/list', numbers)
    },
  },
  {
    method: 'GET',
    path: '/companies/scroll',
    effect: 'read',
    scopes,
    answer({ workspace, query, app }) {
      const param = query.get('scroll_param')
      const scroll = nextScroll(workspace.scrolls, app, param, workspace.settings.now())
      if (scroll === 'exists') return reject(400, 'scroll_exists', 'scroll already exists for this workspace')
      if (scroll === 'unknown') return reject(404, 'not_found', 'scroll parameter not found')
      const view = workspace.indexed()
      const data: object[] = []
      while (data.length < scrollPage && scroll.at < workspace.count('company')) {
        if (visible(workspace, view, ++scroll.at)) data.push(companyBody(workspace, view, scroll.at))
      }
      if (data.length === 0) workspace.scrolls.delete(app)
      return ok({ type: 'list', data, pages: null, total_count: null, scroll_param: scroll.param })
    },
  },
]

/**
 * `?company_id=` and `?name=` answer with the company itself, other filters with a list. The description's list for
 * all is wrong.
 */
function find({ workspace, query }: Call): Answer {
  const companyId = query.get('company_id')
  if (companyId !== null) return one(workspace, workspace.companyByCompanyId(companyId))
  const name = query.get('name')
  if (name !== null) {
    const { companies, deletedCompanies } = workspace.live
    return one(workspace, companies.find('name', name).find((each) => !deletedCompanies.has(each)) ?? 0)
  }
  const view = workspace.indexed()
  const tag = query.get('tag_id')
  if (tag !== null) {
    const known = workspace.tags.byId(tag)
    if (known === undefined) return resourceNotFound
    return page(workspace, view, query, '/companies', view.memberships.company.membersOf(known.number))
  }
  return page(workspace, view, query, '/companies', query.has('segment_id') ? [] : descending(workspace))
}

function one(workspace: Workspace, company: number): Answer {
  return company === 0 ? companyNotFound : ok(companyBody(workspace, workspace.live, company))
}

function visible(workspace: Workspace, view: View, company: number): boolean {
  return view.companies.has(company) && !view.deletedCompanies.has(company) && view.links.count(company) > 0
}

/** In the order of `last_request_at`, which equals the order of the numbers. */
function* ascending(workspace: Workspace): Generator<number> {
  for (let i = 1; i <= workspace.count('company'); i++) yield i
}
function* descending(workspace: Workspace): Generator<number> {
  for (let i = workspace.count('company'); i > 0; i--) yield i
}

function page(
  workspace: Workspace,
  view: View,
  query: URLSearchParams,
  path: string,
  numbers: Iterable<number>,
): Answer {
  const size = Number(query.get('per_page') ?? perPage)
  const at = Number(query.get('page') ?? 1)
  if (!isCount(size) || !isCount(at)) return badParameter('page and per_page must be positive numbers')
  if (size > maxPage) return badParameter('Per Page is too big')
  if (at * size > reachable) return reject(400, 'bad_request', 'page limit reached, please use scroll API')
  const data: object[] = []
  let total = 0
  for (const company of numbers) {
    if (!visible(workspace, view, company)) continue
    total++
    if (total > (at - 1) * size && data.length < size) data.push(companyBody(workspace, view, company))
  }
  const pages = Math.ceil(total / size)
  return ok({
    type: 'list',
    data,
    total_count: total,
    pages: {
      type: 'pages',
      next: at < pages ? nextUrl(path, query, at + 1) : null,
      page: at,
      per_page: size,
      total_pages: pages,
    },
  })
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}

/** Unlike in lists with cursors, `next` is the URL of the next page. */
function nextUrl(path: string, query: URLSearchParams, page: number): string {
  const next = new URLSearchParams(query)
  next.set('page', String(page))
  return `https://api.intercom.io${path}?${next}`
}

const shared = { effect: 'write', scopes: ['write_users_companies'] } as const

export const companyWriteRoutes: readonly Route[] = [
  {
    // The answers to a creation and an update are the same.
    method: 'POST',
    path: '/companies',
    ...shared,
    answer({ workspace, body, version }) {
      const company = upsertCompany(workspace, body, version)
      return typeof company === 'number' ? ok(companyBody(workspace, workspace.live, company)) : company
    },
  },
  {
    method: 'PUT',
    path: '/companies/{id}',
    ...shared,
    answer({ workspace, params, body }) {
      const company = workspace.company(params[0]!)
      if (company === 0) return companyNotFound
      return updateCompany(workspace, company, body) ?? ok(companyBody(workspace, workspace.live, company))
    },
  },
  {
    // Its contacts are taken out as well. Intercom does that some time later; lists show it after the index lag.
    method: 'DELETE',
    path: '/companies/{id}',
    ...shared,
    answer({ workspace, params }) {
      const company = workspace.company(params[0]!)
      if (company === 0) return companyNotFound
      workspace.change({ do: 'delete-company', targetRecord: company })
      return ok({ id: workspace.directory.ids.company.of(company), object: 'company', deleted: true })
    },
  },
]
