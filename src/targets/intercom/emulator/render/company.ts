import { tagBody, tagsOf } from './tag.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

export type CompanyBody = ReturnType<typeof companyBody>

/** Unlike a contact, a company shows all of its tags, with their names. Unset attributes are left out. */
export function companyBody(workspace: Workspace, view: View, i: number) {
  const { ids } = workspace.directory
  const company = view.companies.of(i)
  const { name, size, website, industry } = company
  return {
    type: 'company' as const,
    id: ids.company.of(i),
    company_id: company.companyId,
    app_id: workspace.settings.workspace,
    ...(name === null ? {} : { name }),
    remote_created_at: company.remoteCreatedAt,
    created_at: company.createdAt,
    updated_at: company.updatedAt,
    last_request_at: company.lastRequestAt,
    monthly_spend: company.monthlySpend,
    session_count: 0,
    user_count: view.links.count(i),
    plan: company.plan === null ? {} : { type: 'plan', ...company.plan },
    ...(size === null ? {} : { size }),
    ...(website === null ? {} : { website }),
    ...(industry === null ? {} : { industry }),
    tags: { type: 'tag.list', tags: tagsOf(workspace, view, 'company', i).map(tagBody) },
    segments: { type: 'segment.list', segments: [] },
    custom_attributes: company.custom,
  }
}
