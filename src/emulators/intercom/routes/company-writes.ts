import { companyNotFound, ok } from '../http/answer.ts'
import { companyBody } from '../render/company.ts'
import { updateCompany, upsertCompany } from '../write/write-company.ts'
import type { Route } from '../http/router.ts'

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
