import { since216, type Version } from '../http/version.ts'
import { workspaceCode } from './admin.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

const shownInside = 10

export type ContactBody = ReturnType<typeof contactBody>

export function contactBody(workspace: Workspace, view: View, i: number, version: Version) {
  const { ids } = workspace.directory
  const id = ids.contact.of(i)
  const contact = view.contacts.of(i)
  const owner = contact.ownerId
  const companies = view.links.companiesOf(i)
  // A contact shows at most ten tags, only their ids, and not in the order of attaching.
  const tags = view.memberships.contact.tagsOf(i).toSorted((a, b) => a - b)
  const shown = tags.slice(0, shownInside)
  return {
    type: 'contact' as const,
    id,
    workspace_id: workspaceCode,
    external_id: contact.externalId,
    role: contact.role,
    email: contact.email,
    email_domain: domainOf(contact.email),
    phone: contact.phone,
    name: contact.name,
    owner_id: owner !== null && since216(version) ? String(owner) : owner,
    // Written as a URL, read as an object.
    avatar: contact.avatar === null ? null : { type: 'avatar', image_url: contact.avatar },
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: contact.unsubscribed,
    created_at: contact.createdAt,
    updated_at: contact.updatedAt,
    signed_up_at: contact.signedUpAt,
    last_seen_at: contact.lastSeenAt,
    last_replied_at: null,
    last_contacted_at: null,
    last_email_opened_at: null,
    last_email_clicked_at: null,
    language_override: null,
    browser: null,
    browser_version: null,
    browser_language: null,
    os: null,
    location: { type: 'location', country: null, region: null, city: null },
    custom_attributes: contact.custom,
    social_profiles: { type: 'list', data: [] },
    tags: inside(
      id,
      'tags',
      tags.length,
      shown.map((tag) => ({ type: 'tag', id: String(tag), url: `/tags/${tag}` })),
    ),
    companies: inside(
      id,
      'companies',
      companies.length,
      companies.slice(0, shownInside).map((company) => {
        const companyIdentity = ids.company.of(company)
        return { type: 'company', id: companyIdentity, url: `/companies/${companyIdentity}` }
      }),
    ),
    notes: inside<never>(id, 'notes', 0, []),
  }
}

export function domainOf(email: string | null): string | null {
  return email === null || email === '' ? null : email.slice(email.lastIndexOf('@') + 1)
}

function inside<Entry>(id: string, what: string, count: number, data: readonly Entry[]) {
  return { type: 'list', data, url: `/contacts/${id}/${what}`, total_count: count, has_more: count > shownInside }
}
