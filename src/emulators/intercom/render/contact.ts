import { since216, type Version } from '../http/version.ts'
import { admins } from '../state/admins.ts'
import { workspaceCode } from './admin.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

const firstCreatedAt = 1_690_000_000
const shownInside = 10

/** Unix seconds: one contact a second, in the order of their numbers. */
export function contactCreatedAt(i: number): number {
  return firstCreatedAt + i
}

/** Every tenth contact is owned by the first admin. In JSON a number up to 2.15, text from 2.16 on. */
export function contactOwner(i: number): number | null {
  return i % 10 === 0 ? Number(admins[0]!.id) : null
}

export function contactBody(workspace: Workspace, view: View, i: number, version: Version): object {
  const { ids, externalIds, emails, isLead, companyOf } = workspace.directory
  const id = ids.contact.of(i)
  const email = emails.of(i)
  const owner = contactOwner(i)
  const createdAt = contactCreatedAt(i)
  const companies = [companyOf(i)].filter((company) => company > 0)
  // Tags inside a contact are ten at most, ids alone, and in no order of attaching.
  const tags = view.memberships.contact.tagsOf(i).toSorted((a, b) => a - b)
  const shown = tags.slice(0, shownInside)
  return {
    type: 'contact', id, workspace_id: workspaceCode,
    external_id: externalIds.of(i), role: isLead(i) ? 'lead' : 'user', email, email_domain: domainOf(email),
    phone: null, name: `User ${i}`,
    owner_id: owner !== null && since216(version) ? String(owner) : owner, avatar: null,
    has_hard_bounced: false, marked_email_as_spam: false, unsubscribed_from_emails: false,
    created_at: createdAt, updated_at: createdAt, signed_up_at: createdAt, last_seen_at: null,
    last_replied_at: null, last_contacted_at: null, last_email_opened_at: null, last_email_clicked_at: null,
    language_override: null, browser: null, browser_version: null, browser_language: null, os: null,
    location: { type: 'location', country: null, region: null, city: null },
    custom_attributes: {},
    social_profiles: { type: 'list', data: [] },
    tags: inside(id, 'tags', tags.length, shown.map((tag) => ({ type: 'tag', id: String(tag), url: `/tags/${tag}` }))),
    companies: inside(id, 'companies', companies.length, companies.map((company) => {
      const companyIdentity = ids.company.of(company)
      return { type: 'company', id: companyIdentity, url: `/companies/${companyIdentity}` }
    })),
    notes: inside(id, 'notes', 0, []),
  }
}

export function domainOf(email: string | null): string | null {
  return email === null ? null : email.slice(email.lastIndexOf('@') + 1)
}

function inside(id: string, what: string, count: number, data: readonly object[]): object {
  return { type: 'list', data, url: `/contacts/${id}/${what}`, total_count: count, has_more: count > shownInside }
}
