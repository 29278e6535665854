import { since217, type Version } from '../http/version.ts'
import { domainOf } from '../render/contact.ts'
import type { ContactRecord } from '../state/records.ts'
import type { Workspace } from '../state/workspace.ts'
import type { Attribute } from '../state/attributes.ts'
import { day, flag, moment, numeric, tagIds, text } from './field-kinds.ts'
import type { SearchField, SearchFields, Value } from './query.ts'

const emptyTexts = [
  'formatted_phone',
  'browser',
  'browser_version',
  'browser_language',
  'os',
  'language_override',
  'location.country',
  'location.region',
  'location.city',
  'segment_id',
]
const emptyTimes = ['last_contacted_at', 'last_replied_at', 'last_email_opened_at', 'last_email_clicked_at']

/** The searchable contact fields. Archived and unknown custom attributes are errors, as are all other names. */
export function contactFields(workspace: Workspace, version: Version): SearchFields {
  const { ids } = workspace.directory
  const time = since217(version) ? moment : day.bind(null, workspace.settings.timezone)
  // In versions with exact seconds, custom dates are still compared as whole days, in UTC.
  const date = day.bind(null, since217(version) ? 'UTC' : workspace.settings.timezone)
  return new Map([
    ['id', text(ids.contact.of, (id) => [ids.contact.find(String(id))])],
    ['external_id', text(of('externalId'), (id, view) => view.contacts.find('externalId', String(id)))],
    ['email', { ...text(of('email'), (email, view) => view.contacts.find('email', String(email))), accept: lowerCase }],
    ['email_domain', text((i, view) => domainOf(view.contacts.get(i, 'email')))],
    ['name', text(of('name'))],
    ['phone', text(of('phone'))],
    ['avatar', text(of('avatar'))],
    ['role', text(of('role'))],
    ['owner_id', numeric(of('ownerId'))],
    ['unsubscribed_from_emails', flag(of('unsubscribed'))],
    [
      'tag_id',
      tagIds(
        ['=', '!='],
        (i, view) => view.memberships.contact.tagsOf(i),
        (tag, view) => view.memberships.contact.membersOf(Number(tag)),
      ),
    ],
    ['created_at', time(of('createdAt'))],
    ['updated_at', time(of('updatedAt'))],
    ['signed_up_at', time(of('signedUpAt'))],
    ['last_seen_at', time(of('lastSeenAt'))],
    ...emptyTexts.map((name) => [name, text(() => null)] as const),
    ...emptyTimes.map((name) => [name, time(() => null)] as const),
    ...workspace.attributes
      .list('contact')
      .filter(({ archived }) => !archived)
      .map((attribute) => [`custom_attributes.${attribute.name}`, customField(attribute, date)] as const),
  ])
}

function of(field: Exclude<keyof ContactRecord, 'custom'>): SearchField['read'] {
  return (i, view) => view.contacts.get(i, field)
}

function customField({ name, type }: Attribute, date: (read: SearchField['read']) => SearchField): SearchField {
  const read: SearchField['read'] = (i, view) => (view.contacts.get(i, 'custom')[name] ?? null) as Value
  switch (type) {
    case 'string':
      return text(read)
    case 'boolean':
      return flag(read)
    case 'date':
      return date(read)
    case 'datetime':
      return moment(read)
    default:
      return numeric(read)
  }
}

function lowerCase(value: unknown): string | null | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value === null ? null : undefined
}
