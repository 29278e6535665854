import { since217, type Version } from '../http/version.ts'
import { contactCreatedAt, contactOwner, domainOf } from '../render/contact.ts'
import type { Workspace } from '../state/workspace.ts'
import { day, moment, numeric, tagIds, text } from './field-kinds.ts'
import type { SearchFields } from './query.ts'

const emptyTexts = ['phone', 'formatted_phone', 'browser', 'browser_version', 'browser_language', 'os', 'language_override',
  'location.country', 'location.region', 'location.city', 'avatar', 'segment_id']
const emptyTimes = ['last_seen_at', 'last_contacted_at', 'last_replied_at', 'last_email_opened_at', 'last_email_clicked_at']
const createdTimes = ['created_at', 'updated_at', 'signed_up_at']

/** What contacts can be searched by. Custom attributes do not exist in the seed, so a search by one is an error. */
export function contactFields(workspace: Workspace, version: Version): SearchFields {
  const { ids, externalIds, emails, isLead } = workspace.directory
  const time = since217(version) ? moment : day.bind(null, workspace.settings.timezone)
  return new Map([
    ['id', text(ids.contact.of, (id) => [ids.contact.find(String(id))])],
    ['external_id', text(externalIds.of, (id) => [externalIds.find(String(id))])],
    ['email', { ...text(emails.of, (email) => [emails.find(String(email))]), accept: lowerCase }],
    ['email_domain', text((i) => domainOf(emails.of(i)))],
    ['name', text((i) => `User ${i}`)],
    ['role', text((i) => (isLead(i) ? 'lead' : 'user'))],
    ['owner_id', numeric(contactOwner)],
    ['tag_id', tagIds(['=', '!='],
      (i, view) => view.memberships.contact.tagsOf(i), (tag, view) => view.memberships.contact.membersOf(Number(tag)))],
    ...emptyTexts.map((name) => [name, text(() => null)] as const),
    ...createdTimes.map((name) => [name, time(contactCreatedAt)] as const),
    ...emptyTimes.map((name) => [name, time(() => null)] as const),
  ])
}

function lowerCase(value: unknown): string | null | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value === null ? null : undefined
}
