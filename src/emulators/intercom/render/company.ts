import { appCode } from './admin.ts'
import { tagBody, tagsOf } from './tag.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

const firstCreatedAt = 1_680_000_000

/** Unlike a contact, a company carries all of its tags, with their names. Unset attributes are left out. */
export function companyBody(workspace: Workspace, view: View, i: number): object {
  const { ids, companyIds, companyNames, contactsIn } = workspace.directory
  const createdAt = firstCreatedAt + i
  return {
    type: 'company', id: ids.company.of(i), company_id: companyIds.of(i), app_id: appCode, name: companyNames.of(i),
    remote_created_at: createdAt, created_at: createdAt, updated_at: createdAt, last_request_at: createdAt,
    monthly_spend: 0, session_count: 0, user_count: contactsIn(i, view.fates.keys()), plan: {},
    tags: { type: 'tag.list', tags: tagsOf(workspace, view, 'company', i).map(tagBody) },
    segments: { type: 'segment.list', segments: [] },
    custom_attributes: {},
  }
}
